/**
 * What must hold, whatever goes wrong: the table of invariants. Those that can be seen at a commit are checked at every one (watch.ts), the others once nothing is
 * left to happen (checks.ts).
 */

/** Name -> the sentence, and where it is checked. The numbers are those of the invariants of the design. */
export const INVARIANTS = {
  output_equals_oracle: 'I1: output equals the oracle: same rows, same order, none lost, none twice',
  every_job_ends: 'I2: an acknowledged job reaches one terminal state, the right one, and soon after the faults are over',
  terminal_row_never_changes: 'I2: a terminal row never changes',
  one_end_event: 'I3: one end event a job, and none before its end',
  rows_add_up: 'I4: rows in = rows out + filtered + rejected, and they are the oracle’s',
  newest_fence_commits: 'I5: fences never fall, and only the holder of the newest one commits',
  live_lease_is_respected: 'I5: nobody takes work from a holder whose lease runs',
  attempts_are_counted: 'I5: work that fails for good is tried as often as the limit says, and no more',
  counts_add_up: 'I6: the counts of a job are those of its chunks',
  one_edge: 'I7: one edge for each file that a job made, and none besides',
  nothing_orphaned: 'I8: after the sweeps no object, part or upload is without an owner, and no row without its object',
  same_key_same_job: 'I9: the same Idempotency-Key gives the same job',
  messages_accounted: 'I10: every message that was due went out, or is visibly given up',
  one_version: 'an input that was replaced is never mixed with what replaced it',
  object_written_once: 'an object is written once',
  no_secret_logged: 'I12: no cell of a user’s data is ever logged',
  no_failure_of_our_own: 'what fails does so because something went wrong outside: no assertion, no failure that nobody has foreseen',
  runs_to_rest: 'nothing goes on for ever: the run comes to rest',
} as const

export type InvariantName = keyof typeof INVARIANTS

/** The four sets of a run. An element is a row of an output, the end of a job, an event of it, an object. */
export interface Sets {
  readonly lost: string[]
  readonly duplicated: string[]
  readonly unexpected: string[]
  readonly recovered: string[]
}

export interface Violation {
  readonly invariant: InvariantName
  readonly what: string
}

export class Violations {
  readonly list: Violation[] = []

  add(invariant: InvariantName, what: string): void {
    this.list.push({ invariant, what })
  }

  /** Adds unless it holds. */
  expect(holds: boolean, invariant: InvariantName, what: string): void {
    if (!holds) this.add(invariant, what)
  }
}
