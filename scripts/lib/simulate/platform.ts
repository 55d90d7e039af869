/** What does Cloudflare publish, and what do we assume where it publishes nothing? The sources, with their dates, stand in docs/scaling.md. */

/** US dollars, beyond what the paid plan includes. */
export const PRICES = {
  workersPerRequest: 0.3 / 1e6,
  workersPerCpuMs: 0.02 / 1e6,
  r2PerClassA: 4.5 / 1e6,
  r2PerClassB: 0.36 / 1e6,
  r2PerGbMonth: 0.015,
  d1PerRowRead: 0.001 / 1e6,
  d1PerRowWritten: 1 / 1e6,
  queuePerOperation: 0.4 / 1e6,
} as const

/** A message of less than 64 KB is written, read and deleted. */
export const OPERATIONS_PER_MESSAGE = 3

export const PUBLISHED = {
  /** Consumers of a queue at a time, and messages a second. */
  consumersMax: 250,
  messagesPerS: 5_000,
} as const

/** CPU milliseconds for a GB, by `npm run simulate -- --measure` on one shared core of a Xeon (docs/scaling.md): the engine, and the digest of what is written. */
export const MEASURED = {
  filterCpuMsPerGb: 700,
  analyseCpuMsPerGb: 5_700,
  digestCpuMsPerGb: 800,
  /** What a chunk of an analysis of ten columns leaves, and joining it with the others. */
  stateBytes: 300_000,
  stateCpuMs: 25,
} as const

/** What nobody publishes. Each of them is an option of the simulation, to see how much hangs on it. */
export interface Assumed {
  /** How long the database is busy with a question that reads, with one that writes, and with each row that it looks at. */
  readonly d1ReadMs: number
  readonly d1WriteMs: number
  readonly d1RowUs: number
  /** The way to the database and back. */
  readonly d1WayMs: number
  /** One stream out of the bucket, and one into it; and what a request costs before its first byte. */
  readonly r2ReadMbPerS: number
  readonly r2WriteMbPerS: number
  readonly r2RequestMs: number
  /** From a message's sending to its consumer. */
  readonly queueMs: number
  /** CPU beside the engine: of an invocation, and of moving a GB into a Worker or out of it. */
  readonly invocationCpuMs: number
  readonly moveCpuMsPerGb: number
  /** Of tries of a chunk: the share that fails, and the share whose worker dies. */
  readonly failing: number
  readonly dying: number
}

export const ASSUMED: Assumed = {
  d1ReadMs: 0.5,
  d1WriteMs: 2,
  d1RowUs: 0.5,
  d1WayMs: 5,
  r2ReadMbPerS: 100,
  r2WriteMbPerS: 50,
  r2RequestMs: 30,
  queueMs: 60,
  invocationCpuMs: 5,
  moveCpuMsPerGb: 500,
  failing: 0.001,
  dying: 0.0002,
}
