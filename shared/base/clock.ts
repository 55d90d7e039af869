/** The time, handed in everywhere so that tests and the simulator can set it. Milliseconds since 1970. */
export interface Clock {
  now(): number
  /** Resolves after `ms`. `sleep(0)` lets other work of this isolate run: awaiting storage alone does not (measured, see docs of wrangler's local mode). */
  sleep(ms: number): Promise<void>
}

/** The only reader of the real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
}

/** `2026-11-20T09:30:00.000Z`, or null for null: how times leave the API. */
export const isoTime = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
