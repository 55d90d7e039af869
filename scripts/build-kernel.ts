/** `npm run build:kernel`: compiles shared/csv/kernel and puts the outcome, which is committed, beside it. */
import { writeFileSync } from 'node:fs'
import { compileKernel, hashFile, KERNEL } from './lib/kernel-build.ts'

const wasm = await compileKernel()
writeFileSync(KERNEL.wasm, wasm)
writeFileSync(KERNEL.hash, hashFile(wasm))
console.log(`kernel.wasm: ${wasm.length} bytes`)
