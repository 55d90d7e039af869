/** Compiles the kernel, in memory: the same bytes on every machine, which is what makes it possible to commit the outcome and to test that it is the source's. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import asc from 'assemblyscript/asc'

const ROOT = path.join(import.meta.dirname, '../..')

/** Where the kernel's source, its bytes and its hash lie. */
export const KERNEL = {
  source: 'shared/csv/kernel/index.ts',
  wasm: path.join(ROOT, 'shared/csv/kernel/kernel.wasm'),
  hash: path.join(ROOT, 'shared/base/kernel-hash.ts'),
}

/** `stub`: nothing is ever allocated. The memory is the host's, of any size between these two (in pages of 64 KiB). */
const FLAGS = '-O3 --runtime stub --enable simd --enable bulk-memory --noAssert --importMemory --initialMemory 16 --maximumMemory 1024'

/** The kernel as WebAssembly, made from its source now. Throws with the compiler's words. */
export const compileKernel = async (): Promise<Uint8Array> => {
  let wasm: Uint8Array | undefined
  const { error, stderr } = await asc.main([KERNEL.source, ...FLAGS.split(' '), '--outFile', 'kernel.wasm'], {
    readFile: (name, base) => {
      const file = path.resolve(ROOT, base ?? '', name)
      return existsSync(file) ? readFileSync(file, 'utf8') : null
    },
    writeFile: (name, contents) => {
      if (name.endsWith('kernel.wasm')) wasm = contents as unknown as Uint8Array
    },
    listFiles: () => [],
  })
  if (error || !wasm) throw new Error(`The kernel does not compile.\n${stderr.toString()}`, { cause: error })
  return wasm
}

/** The first 12 hex digits of the kernel's sha256: what an output's lineage says of the engine that made it. */
export const kernelHash = (wasm: Uint8Array): string => createHash('sha256').update(wasm).digest('hex').slice(0, 12)

/** The file that tells the hash to the program. */
export const hashFile = (wasm: Uint8Array): string =>
  `/** The first 12 hex digits of the sha256 of shared/csv/kernel/kernel.wasm. Written by \`npm run build:kernel\`. */\nexport const KERNEL_HASH = '${kernelHash(wasm)}'\n`
