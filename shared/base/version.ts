/** Which program this is. The engine's version goes into every lineage edge. */
import pkg from '../../package.json' with { type: 'json' }

export const VERSION: string = pkg.version

/** Package version and which scanner ran: the twin, until the kernel's hash takes its place. */
export const ENGINE_VERSION: string = `${pkg.version}+twin`
