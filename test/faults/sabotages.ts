/**
 * What the suite must notice: each switch takes one mechanism out of the real code, as a change of one snippet of one file, and nothing else: where nothing goes wrong
 * the service works as before. `invariant`: what the suite must name when it is on.
 */
import type { InvariantName } from './invariants.ts'

export interface Sabotage {
  readonly name: string
  /** From the root of the project. */
  readonly file: string
  /** Is there exactly once. */
  readonly find: string
  readonly replace: string
  readonly invariant: InvariantName
}

export const SABOTAGES: readonly Sabotage[] = [
  {
    name: 'outbox: the message of a new job is sent without being kept',
    file: 'shared/jobs/admission.sql.ts',
    find: `INSERT INTO outbox (id, queue, body, due_at, created_at) SELECT ?1, 'jobs', ?3, ?4, ?5 FROM jobs WHERE id = ?2 AND admitted_at IS NOT NULL AND changes() > 0
     RETURNING id, queue, body\``,
    // Somewhere else, where nobody looks: its sender still finds that a row was made.
    replace:
      'INSERT INTO duties (name, cursor, lease_until) SELECT ?1, ?3, ?4 + ?5 FROM jobs WHERE id = ?2 AND admitted_at IS NOT NULL AND changes() > 0`',
    invariant: 'messages_accounted',
  },
  {
    name: 'relay: nobody sends again what its sender did not',
    file: 'shared/events/outbox.ts',
    find: 'sendKept(ports, await dueOutbox(ports.db, now, LIMITS.relayRowsMax))',
    replace: 'sendKept(ports, (await dueOutbox(ports.db, now, LIMITS.relayRowsMax)).slice(0, 0))',
    invariant: 'messages_accounted',
  },
  {
    name: 'fence: whoever runs a chunk may commit it',
    file: 'shared/jobs/chunk.sql.ts',
    find: `WHERE job_id = ?1 AND k = ?2 AND fence = ?3 AND state = 'running' AND EXISTS (SELECT 1 FROM jobs WHERE jobs.id = ?1 AND jobs.state = 'running')\``,
    replace: `WHERE job_id = ?1 AND k = ?2 AND ?3 > 0 AND state = 'running' AND EXISTS (SELECT 1 FROM jobs WHERE jobs.id = ?1 AND jobs.state = 'running')\``,
    invariant: 'newest_fence_commits',
  },
  {
    name: 'lease: a chunk is taken from a holder that lives',
    file: 'shared/jobs/chunk.sql.ts',
    find: `(state = 'waiting' OR (state = 'running' AND lease_until < ?4))`,
    replace: `(state = 'waiting' OR state = 'running')`,
    invariant: 'live_lease_is_respected',
  },
  {
    name: 'terminal: what has ended is canceled all the same',
    file: 'shared/jobs/job.sql.ts',
    find: `WHERE id = ?1 AND owner_id = ?2 AND state IN ('queued', 'running', 'finalizing')\``,
    replace: `WHERE id = ?1 AND owner_id = ?2\``,
    invariant: 'terminal_row_never_changes',
  },
  {
    name: 'event: a job’s end is told whenever somebody ends it',
    file: 'shared/jobs/job.sql.ts',
    find: "SELECT ?1, owner_id, 'job.' || state, id",
    replace: "SELECT ?1 || hex(randomblob(8)), owner_id, 'job.' || state, id",
    invariant: 'one_end_event',
  },
  {
    name: 'byte count: what a read did not give is not missed',
    file: 'shared/jobs/pass.ts',
    find: 'if (seen !== range.length)',
    replace: 'if (seen > range.length)',
    invariant: 'output_equals_oracle',
  },
  {
    name: 'etag: a read takes whatever lies under the key',
    file: 'shared/files/store.ts',
    find: '{ onlyIf: { etagMatches: etag }, ...(range ? { range } : {}) }',
    replace: '{ ...(etag && range ? { range } : {}) }',
    invariant: 'one_version',
  },
  {
    name: 'attempts: tries of a chunk are not counted',
    file: 'shared/jobs/chunk.sql.ts',
    find: 'attempt_count = attempt_count + (SELECT joined = ?2 FROM jobs WHERE id = ?1)',
    replace: 'attempt_count = attempt_count',
    invariant: 'attempts_are_counted',
  },
  {
    name: 'dead letters: what a queue gives up on is not kept',
    file: 'shared/events/dead-letter.sql.ts',
    find: 'VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT',
    replace: 'SELECT ?1, ?2, ?3, ?4, ?5 WHERE 0 ON CONFLICT',
    invariant: 'messages_accounted',
  },
  {
    name: 'idempotency: a key is kept under another name',
    file: 'workers/api/idempotency.sql.ts',
    find: `SELECT ?1, ?2, ?3, ?4, ?5, ?6, '', ?7 WHERE changes() > 0\``,
    replace: `SELECT ?1, ?2, ?3 || hex(randomblob(8)), ?4, ?5, ?6, '', ?7 WHERE changes() > 0\``,
    invariant: 'same_key_same_job',
  },
  {
    name: 'stalled work: the tick does not look for work that nobody does',
    file: 'workers/processor/schedules/release-leases.ts',
    find: 'const stalled = await stalledChunks(ports.db, now, LIMITS.sweepRowsMax)',
    replace: 'const stalled = (await stalledChunks(ports.db, now, LIMITS.sweepRowsMax)).slice(0, 0)',
    invariant: 'every_job_ends',
  },
  {
    name: 'work sweep: what jobs leave in the bucket stays',
    file: 'shared/jobs/work.ts',
    find: 'const left = placed.filter(({ job }) => !live.has(job))',
    replace: 'const left = placed.filter(({ job }) => !live.has(job) && job === null)',
    invariant: 'nothing_orphaned',
  },
  {
    name: 'create-only: a put writes over what is there',
    file: 'shared/files/store.ts',
    find: "...(createOnly ? { onlyIf: { etagDoesNotMatch: '*' } } : {}),",
    replace: "...(createOnly && bytes.length < 0 ? { onlyIf: { etagDoesNotMatch: '*' } } : {}),",
    invariant: 'object_written_once',
  },
  {
    name: 'orphan sweep: what jobs wrote and no file names stays',
    file: 'workers/processor/schedules/reconcile-bucket.ts',
    find: 'if (orphans.length > 0) await ports.store.remove(orphans)',
    replace: 'if (orphans.length < 0) await ports.store.remove(orphans)',
    invariant: 'nothing_orphaned',
  },
  {
    name: 'guess: where a chunk began is not compared with where its lines begin',
    file: 'shared/csv/chunks.ts',
    find: 'if (first === null || first.at !== at || first.skips !== skips)',
    replace: 'if (first === null)',
    // Its bytes no longer add up to the input's, and so the job fails rather than make something wrong.
    invariant: 'no_failure_of_our_own',
  },
]
