/** The kernel as tests in Node run it: compiled from the committed bytes, with room for the records and blocks of a test. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { needsTwin } from '../../shared/csv/dialect.ts'
import { type Kernel, type KernelOptions, startKernel } from '../../shared/csv/kernel-memory.ts'
import { kernelScanner } from '../../shared/csv/kernel-scanner.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import type { MakeScanner } from '../../shared/csv/scanner.ts'

const bytes = readFileSync(path.join(import.meta.dirname, '../../shared/csv/kernel/kernel.wasm'))

/** The types of Workers call the constructor abstract, because Workers may not compile at run time. */
const Module = WebAssembly.Module as unknown as new (bytes: Uint8Array) => WebAssembly.Module

export const KERNEL_MODULE = new Module(bytes)

export const testKernel = (options: KernelOptions = {}): Kernel => startKernel(KERNEL_MODULE, options)

let shared: Kernel | null = null

/** The fast scanner on one kernel for all tests of a file: one scan at a time. Dialects that the kernel does not read get the twin, as in the engine. */
export const makeKernelScanner: MakeScanner = (options) => {
  shared ??= testKernel()
  return needsTwin(options.dialect) === null ? kernelScanner(shared)(options) : makeNaiveScanner(options)
}
