/**
 * Joins what chunks have done, from left to right: the only place where a guess becomes a fact (the rule and why it is exact: csv/chunks.ts).
 *
 * Whoever commits a chunk joins as far as it goes, and wakes the chunks that may run next. Done twice, or by two at once, it comes to the same; not done at all because
 * the worker died after its commit, it is done by the tick: the commit has left a lease on the job that says so.
 */
import type { JobId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { type JoinCursor, joinStep } from '../csv/chunks.ts'
import type { Stmt } from '../db/db.ts'
import { keptIn, outgoing, sendKept } from '../events/outbox.ts'
import type { Ports } from '../ports.ts'
import { type ChunkRow, resultOf } from './chunk.ts'
import { keepVoidAttempt } from './chunk-attempts.sql.ts'
import { chunksFrom, joinOf, keepFinishIfJoined, moveJoin, recountDone, restJoin, voidGuess } from './join.sql.ts'
import { wakeChunks } from './wake.sql.ts'

/** Chunks that are looked at in one go. */
const PAGE = 64

type JoinPorts = Pick<Ports, 'db' | 'queues' | 'clock' | 'ids' | 'log' | 'sizes'>

/** What comes after a commit: the messages of chunks that may run now, or the finish message. The riders return the rows of the messages. */
export const followUps = ({ ids, sizes, clock }: JoinPorts, job: JobId, chunksTotal: number): readonly Stmt[] => {
  const now = clock.now()
  const finish = outgoing(ids, 'jobs', { v: 1, kind: 'finish', job })
  const kept = keepFinishIfJoined(finish.id, job, finish.body, now + LIMITS.relayAfterMs, now)
  if (chunksTotal === 1) return [kept]
  const names = Array.from({ length: Math.min(sizes.parallelPerJob, chunksTotal) }, () => ids.make('out'))
  return [kept, ...wakeChunks(job, names, sizes, now)]
}

interface Step {
  readonly to: JoinCursor
  /** Chunks on the way that no line starts in. */
  readonly empty: readonly number[]
  /** The chunk at `to` began at a wrong guess. */
  readonly isWrong: boolean
}

/** How far the join goes over these chunks. */
const stepOver = (from: JoinCursor, chunks: readonly ChunkRow[]): Step => {
  let to = from
  const empty: number[] = []
  for (const chunk of chunks) {
    const step = joinStep(to, { start: chunk.range_start, end: chunk.range_end }, chunk.state === 'done' ? resultOf(chunk) : null)
    if (step.kind === 'rerun') return { to, empty, isWrong: true }
    if (step.kind === 'wait') break
    if (step.kind === 'empty') empty.push(chunk.k)
    to = step.cursor
  }
  return { to, empty, isWrong: false }
}

/** Joins as far as it goes and sends what may follow. Does nothing for a job that is not running, or of one chunk, which its own commit joins, and where all is joined. */
export const joinChunks = async (ports: JoinPorts, job: JobId): Promise<void> => {
  for (;;) {
    const row = await joinOf(ports.db, job)
    if (row?.state !== 'running' || row.chunks_total < 2 || row.joined === row.chunks_total) return
    const from = { k: row.joined, at: row.joined_to, skips: row.joined_skips === 1 }
    const { to, empty, isWrong } = stepOver(from, await chunksFrom(ports.db, job, from.k, PAGE))
    const now = ports.clock.now()
    const isMoved = to.k !== from.k
    const outcomes = await ports.db.batch([
      ...(isMoved ? moveJoin(job, from, to, empty, now) : []),
      ...(isWrong ? [keepVoidAttempt(job, to.k, to, now), voidGuess(job, to.k, to)] : []),
      ...(isMoved || isWrong ? [recountDone(job)] : []),
      ...followUps(ports, job, row.chunks_total),
      restJoin(job, now),
    ])
    await sendKept(ports, keptIn(outcomes))
    if (isWrong) ports.log.info('chunk.guessed_wrong', { job, chunk: to.k, request: row.request_id, start: to.at })
    if (!isMoved || to.k === row.chunks_total) return
  }
}
