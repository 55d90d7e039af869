/**
 * Who reads this list? The kernel wherever it knows the dialect, else the twin; whoever scans asks here and gives back what it was lent.
 * Kernels are kept for the next scan: a memory of 16 MiB for each job would lie about until somebody collects it.
 */
import { needsTwin } from './dialect.ts'
import { type Kernel, startKernel } from './kernel-memory.ts'
import { kernelScanner } from './kernel-scanner.ts'
import { makeNaiveScanner } from './naive.ts'
import type { Scanner, ScanOptions } from './scanner.ts'

/** A scanner that was lent. */
export interface Scan {
  readonly scanner: Scanner
  /** Gives it back: its batches are void from then on. To be called once. */
  release(): void
}

export interface Engine {
  /** A scanner for these options. Its blocks have at most LIMITS.blockBytes. */
  open(options: ScanOptions): Scan
}

const nothing = (): void => {}

/** The engine without a kernel: the twin reads everything. */
export const twinEngine: Engine = { open: (options) => ({ scanner: makeNaiveScanner(options), release: nothing }) }

/** Idle kernels that are kept: as many as one isolate has scans at a time, mostly. */
const IDLE_MAX = 2

/** The engine with a kernel. `module`: shared/csv/kernel/kernel.wasm, compiled by whoever enters. `stateBytes`: room in each kernel for state that is kept in it. */
export const makeEngine = (module: WebAssembly.Module, stateBytes = 0): Engine => {
  const idle: Kernel[] = []
  return {
    open: (options) => {
      if (needsTwin(options.dialect) !== null) return twinEngine.open(options)
      const kernel = idle.pop() ?? startKernel(module, { stateBytes })
      return {
        scanner: kernelScanner(kernel)(options),
        release: () => {
          if (idle.length < IDLE_MAX) idle.push(kernel)
        },
      }
    },
  }
}
