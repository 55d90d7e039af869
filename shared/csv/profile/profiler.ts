/** How does a profile grow? In the kernel where the records lie there and there is room, else here: the first batch decides, and the outcome is the same. */
import type { Dialect } from '../dialect.ts'
import type { RecordBatch } from '../record-batch.ts'
import type { Budget } from './capacity.ts'
import { KernelProfile, kernelFor } from './kernel-profile.ts'
import { addBatch, type ProfileState, startProfile } from './profile.ts'

export class Profiler {
  readonly #state: ProfileState
  readonly #dialect: Dialect
  #isBegun = false
  #inKernel: KernelProfile | null = null

  constructor(columns: readonly string[], dialect: Dialect, budget: Partial<Budget> = {}) {
    this.#state = startProfile(columns, budget)
    this.#dialect = dialect
  }

  /** Takes all records of the next batch of a scan in. */
  add(batch: RecordBatch): void {
    if (!this.#isBegun) this.#begin(batch)
    if (this.#inKernel === null) addBatch(this.#state, batch, this.#dialect)
    else this.#inKernel.add(batch)
  }

  /** What all batches hold. To be called while their scanner is still lent. */
  state(): ProfileState {
    return this.#inKernel?.finish() ?? this.#state
  }

  #begin(batch: RecordBatch): void {
    const kernel = kernelFor(batch, this.#state.names.length, this.#state.budget)
    if (kernel !== null) this.#inKernel = new KernelProfile(kernel, this.#state, this.#dialect)
    this.#isBegun = true
  }
}
