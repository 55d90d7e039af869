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

export interface EngineOptions extends ScanOptions {
  /** Room for whoever keeps state where the records lie, if they lie in a kernel. */
  readonly stateBytes?: number
}

export interface Engine {
  /** A scanner for these options. Its blocks have at most LIMITS.blockBytes. */
  open(options: EngineOptions): Scan
}

const nothing = (): void => {}

/** The engine without a kernel: the twin reads everything. */
export const twinEngine: Engine = { open: (options) => ({ scanner: makeNaiveScanner(options), release: nothing }) }

/** Idle kernels that are kept, without room for state and with it: as many as one isolate has scans at a time, mostly. */
const IDLE_MAX = 2
const IDLE_WITH_STATE_MAX = 1

/** The engine with a kernel. `module`: shared/csv/kernel/kernel.wasm, compiled by whoever enters. */
export const makeEngine = (module: WebAssembly.Module): Engine => {
  const idle: Kernel[] = []
  const idleWithState: Kernel[] = []
  return {
    open: ({ stateBytes = 0, ...options }) => {
      if (needsTwin(options.dialect) !== null) return twinEngine.open(options)
      const [pool, idleMax] = stateBytes === 0 ? [idle, IDLE_MAX] : [idleWithState, IDLE_WITH_STATE_MAX]
      const fits = pool.findIndex(({ map, bytes }) => bytes.length - map.bitmaps >= stateBytes)
      const kernel = pool.splice(fits, fits < 0 ? 0 : 1)[0] ?? startKernel(module, { stateBytes })
      return {
        scanner: kernelScanner(kernel)(options),
        release: () => {
          if (pool.length < idleMax) pool.push(kernel)
        },
      }
    },
  }
}
