/** The kernel's bytes are the source's: compiled anew, they are what is committed, and the engine's version names them. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { compileKernel, hashFile, KERNEL } from '../../scripts/lib/kernel-build.ts'

it('the committed kernel is what its source compiles to, and its hash is told', async () => {
  const wasm = await compileKernel()
  expect(Buffer.from(wasm).equals(readFileSync(KERNEL.wasm))).toBe(true)
  expect(readFileSync(KERNEL.hash, 'utf8')).toBe(hashFile(wasm))
})
