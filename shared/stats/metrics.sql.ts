/**
 * How the service does right now, for one answer to whoever gathers metrics. Each statement reads a bounded number of rows (LIMITS.metricsRowsMax), by an index:
 * what is full is then counted short, and its description says so.
 */
import { LIMITS } from '../base/limits.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import { SUMS, type TotalsRow } from './totals.sql.ts'

export interface LiveJobs {
  readonly state: string
  readonly jobs: number
  /** Of those whose turn has come. */
  readonly oldest_at: number | null
  /** Those that wait for their turn among their owner's. */
  readonly out_of_turn: number
  readonly chunks_total: number
  readonly chunks_done: number
}

export interface Kept {
  readonly queue: string
  readonly messages: number
  readonly oldest_at: number
}

/** What the database knows. */
export interface Counts {
  readonly live: readonly LiveJobs[]
  readonly runningChunks: number
  /** When the message of the chunk that waits longest went out; null: none waits. */
  readonly chunkSentAt: number | null
  readonly outbox: readonly Kept[]
  readonly deadLetters: readonly Kept[]
  readonly totals: readonly TotalsRow[]
}

const liveJobs = (): Stmt =>
  stmt(
    `SELECT state, COUNT(*) AS jobs, MIN(admitted_at) AS oldest_at, SUM(admitted_at IS NULL) AS out_of_turn, SUM(chunks_total) AS chunks_total, SUM(chunks_done) AS chunks_done
     FROM (SELECT state, admitted_at, chunks_total, chunks_done FROM jobs WHERE state IN ('queued', 'running', 'finalizing', 'canceling') LIMIT ?1)
     GROUP BY state`,
    LIMITS.metricsRowsMax,
  )

/** In the very words of the index chunks_live: SQLite does not see that a single state implies them. */
const CHUNKS_LIVE = `state IN ('waiting', 'running')`

const runningChunks = (now: number): Stmt =>
  stmt(
    `SELECT COUNT(*) AS chunks FROM (SELECT 1 FROM chunks WHERE ${CHUNKS_LIVE} AND state = 'running' AND lease_until >= ?1 LIMIT ?2)`,
    now,
    LIMITS.metricsRowsMax,
  )

/** A chunk that waits has a lease from the moment its message is sent; of jobs that ended, some still seem to wait. */
const waitingChunk = (now: number): Stmt =>
  stmt(
    `SELECT MIN(lease_until) - ?3 AS sent_at
     FROM (SELECT job_id, lease_until FROM chunks WHERE ${CHUNKS_LIVE} AND state = 'waiting' AND lease_until > ?1 ORDER BY lease_until LIMIT ?2)
     WHERE EXISTS (SELECT 1 FROM jobs WHERE jobs.id = job_id AND jobs.state = 'running')`,
    now - LIMITS.jobExpiresMsMax,
    LIMITS.metricsRowsMax,
    LIMITS.leaseMs,
  )

const keptMessages = (rows: 'outbox' | 'dead_letters WHERE replayed_at IS NULL'): Stmt =>
  stmt(
    `SELECT queue, COUNT(*) AS messages, MIN(created_at) AS oldest_at FROM (SELECT queue, created_at FROM ${rows} LIMIT ?1) GROUP BY queue`,
    LIMITS.metricsRowsMax,
  )

const totals = (): Stmt => stmt(`SELECT operation, state, within_s, ${SUMS} FROM job_totals LIMIT ?1`, LIMITS.metricsRowsMax)

/** All statements, for who looks at how they are carried out. */
export const countStatements = (now: number): readonly Stmt[] => [
  liveJobs(),
  runningChunks(now),
  waitingChunk(now),
  keptMessages('outbox'),
  keptMessages('dead_letters WHERE replayed_at IS NULL'),
  totals(),
]

/** Asks the database, once. */
export const readCounts = async (db: Db, now: number): Promise<Counts> => {
  const [live, running, waiting, outbox, deadLetters, ended] = (await db.batch(countStatements(now))).map(({ rows }) => rows)
  return {
    live: live as readonly LiveJobs[],
    runningChunks: (running as readonly { chunks: number }[])[0]?.chunks ?? 0,
    chunkSentAt: (waiting as readonly { sent_at: number | null }[])[0]?.sent_at ?? null,
    outbox: outbox as readonly Kept[],
    deadLetters: deadLetters as readonly Kept[],
    totals: ended as readonly TotalsRow[],
  }
}
