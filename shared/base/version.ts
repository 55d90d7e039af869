/** Which program this is. The engine's version goes into every lineage edge. */
import pkg from '../../package.json' with { type: 'json' }
import { KERNEL_HASH } from './kernel-hash.ts'

export const VERSION: string = pkg.version

/** Package version and the kernel's hash: which program made an output, to the byte. */
export const ENGINE_VERSION: string = `${pkg.version}+${KERNEL_HASH}`
