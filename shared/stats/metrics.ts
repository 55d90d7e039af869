/** What the service tells those who look after it: the table of its metrics. Counts, ages and sums over everybody; no ids, no names, nothing of a user's data. */

import { LIMITS } from '../base/limits.ts'
import { exposition, type Family, type Labels, type Sample } from './exposition.ts'
import type { Counts, Kept } from './metrics.sql.ts'
import { DURATION_BOUNDS_S, type TotalsRow } from './totals.sql.ts'

/** What a queue says of itself. */
export interface Backlog {
  readonly queue: string
  readonly messages: number
  /** Null: it is empty. */
  readonly oldestAt: number | null
}

export interface Snapshot extends Counts {
  readonly now: number
  readonly version: string
  readonly backlogs: readonly Backlog[]
}

const LIVE = ['queued', 'running', 'finalizing', 'canceling'] as const
const CAP = `At most ${LIMITS.metricsRowsMax} are counted.`

const seconds = (ms: number): number => Math.max(0, ms) / 1000
const sum = <Row>(rows: readonly Row[], of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0)

const chunksByState = ({ live, runningChunks }: Snapshot): Sample[] => {
  const done = sum(live, ({ chunks_done }) => chunks_done)
  const waiting = Math.max(0, sum(live, ({ chunks_total }) => chunks_total) - done - runningChunks)
  return Object.entries({ waiting, running: runningChunks, done }).map(([state, value]) => ({ labels: { state }, value }))
}

/** The age of the oldest of each kind; 0 where there is none, so that an alert has something to compare. */
const oldestAges = ({ now, live, chunkSentAt, outbox }: Snapshot): Sample[] => {
  const queued = live.find(({ state }) => state === 'queued')?.oldest_at ?? now
  const kept = Math.min(now, ...outbox.map(({ oldest_at }) => oldest_at))
  return Object.entries({ job: queued, chunk: chunkSentAt ?? now, outbox: kept }).map(([of, at]) => ({
    labels: { of },
    value: seconds(now - at),
  }))
}

const keptByQueue = (kept: readonly Kept[], backlogs: readonly Backlog[]): Sample[] =>
  [...new Set([...backlogs, ...kept].map(({ queue }) => queue))].map((queue) => ({
    labels: { queue },
    value: kept.find((one) => one.queue === queue)?.messages ?? 0,
  }))

/** The totals of each group of rows that have these labels in common. */
const grouped = (totals: readonly TotalsRow[], labelsOf: (row: TotalsRow) => Labels): (readonly [Labels, readonly TotalsRow[]])[] => {
  const groups = new Map<string, [Labels, TotalsRow[]]>()
  for (const row of totals) {
    const labels = labelsOf(row)
    const key = JSON.stringify(labels)
    const group = groups.get(key) ?? [labels, []]
    groups.set(key, group)
    group[1].push(row)
  }
  return [...groups.values()]
}

const byOperation = ({ operation }: TotalsRow): Labels => ({ operation })
const byEnd = ({ operation, state }: TotalsRow): Labels => ({ operation, state })

const summed = (totals: readonly TotalsRow[], labelsOf: (row: TotalsRow) => Labels, of: (row: TotalsRow) => number): Sample[] =>
  grouped(totals, labelsOf).map(([labels, rows]) => ({ labels, value: sum(rows, of) }))

const ROWS = { in: 'rows_in', out: 'rows_out', filtered: 'rows_filtered', rejected: 'rows_rejected' } as const

const TRIES = { done: 'tries_done', released: 'tries_released', failed: 'tries_failed', lost: 'tries_lost', void: 'tries_void' } as const

type Sum = (typeof ROWS)[keyof typeof ROWS] | (typeof TRIES)[keyof typeof TRIES]

/** Several sums of each operation, told apart by a label. */
const bySeveral = (totals: readonly TotalsRow[], label: string, sums: Readonly<Record<string, Sum>>): Sample[] =>
  grouped(totals, byOperation).flatMap(([labels, rows]) =>
    Object.entries(sums).map(([name, column]) => ({ labels: { ...labels, [label]: name }, value: sum(rows, (row) => row[column]) })),
  )

const durations = (totals: readonly TotalsRow[]): Sample[] =>
  grouped(totals, byEnd).flatMap(([labels, rows]) => {
    const jobs = sum(rows, (row) => row.jobs)
    const within = (bound: number): number => sum(rows, (row) => (row.within_s > 0 && row.within_s <= bound ? row.jobs : 0))
    const buckets = [...DURATION_BOUNDS_S.map((bound) => [String(bound), within(bound)] as const), ['+Inf', jobs] as const]
    return [
      ...buckets.map(([le, value]) => ({ suffix: '_bucket' as const, labels: { ...labels, le }, value })),
      { suffix: '_sum' as const, labels, value: seconds(sum(rows, (row) => row.took_ms)) },
      { suffix: '_count' as const, labels, value: jobs },
    ]
  })

const waits = (totals: readonly TotalsRow[]): Sample[] =>
  grouped(totals, byOperation).flatMap(([labels, rows]) => [
    { suffix: '_sum' as const, labels, value: seconds(sum(rows, (row) => row.waited_ms)) },
    { suffix: '_count' as const, labels, value: sum(rows, (row) => row.jobs) },
  ])

interface Metric extends Omit<Family, 'samples'> {
  readonly samples: (snapshot: Snapshot) => readonly Sample[]
}

const METRICS: readonly Metric[] = [
  {
    name: 'list_cutter_info',
    type: 'gauge',
    help: 'The version that runs.',
    samples: ({ version }) => [{ labels: { version }, value: 1 }],
  },
  {
    name: 'list_cutter_jobs',
    type: 'gauge',
    help: `Jobs that have not ended, by state. ${CAP}`,
    samples: ({ live }) => LIVE.map((state) => ({ labels: { state }, value: live.find((row) => row.state === state)?.jobs ?? 0 })),
  },
  {
    name: 'list_cutter_jobs_out_of_turn',
    type: 'gauge',
    help: "Queued jobs whose turn among their owner's has not come.",
    samples: ({ live }) => [{ labels: {}, value: sum(live, ({ out_of_turn }) => out_of_turn) }],
  },
  {
    name: 'list_cutter_chunks',
    type: 'gauge',
    help: 'Chunks of jobs that have not ended, by state.',
    samples: chunksByState,
  },
  {
    name: 'list_cutter_oldest_age_seconds',
    type: 'gauge',
    help: 'Age of the queued job whose turn came longest ago, of the message of the chunk that waits longest, and of the oldest message that no queue has taken yet; 0: there is none.',
    samples: oldestAges,
  },
  {
    name: 'list_cutter_outbox_messages',
    type: 'gauge',
    help: `Messages that no queue has taken yet. ${CAP}`,
    samples: ({ outbox, backlogs }) => keptByQueue(outbox, backlogs),
  },
  {
    name: 'list_cutter_dead_letters',
    type: 'gauge',
    help: `Messages that a queue gave up on and nobody has sent again. ${CAP}`,
    samples: ({ deadLetters, backlogs }) => keptByQueue(deadLetters, backlogs),
  },
  {
    name: 'list_cutter_queue_messages',
    type: 'gauge',
    help: 'Messages in a queue, as it says itself.',
    samples: ({ backlogs }) => backlogs.map(({ queue, messages }) => ({ labels: { queue }, value: messages })),
  },
  {
    name: 'list_cutter_queue_oldest_age_seconds',
    type: 'gauge',
    help: 'Age of the oldest message in a queue, as it says itself; 0: it is empty.',
    samples: ({ now, backlogs }) =>
      backlogs.map(({ queue, oldestAt }) => ({ labels: { queue }, value: oldestAt === null ? 0 : seconds(now - oldestAt) })),
  },
  {
    name: 'list_cutter_jobs_ended_total',
    type: 'counter',
    help: 'Jobs that ended, by operation and end.',
    samples: ({ totals }) => summed(totals, byEnd, (row) => row.jobs),
  },
  {
    name: 'list_cutter_job_duration_seconds',
    type: 'histogram',
    help: 'Time from submission to end of the jobs that ended.',
    samples: ({ totals }) => durations(totals),
  },
  {
    name: 'list_cutter_job_wait_seconds',
    type: 'summary',
    help: 'Time from submission to the first work on the jobs that ended.',
    samples: ({ totals }) => waits(totals),
  },
  {
    name: 'list_cutter_job_chunks_total',
    type: 'counter',
    help: 'Chunks of the jobs that ended.',
    samples: ({ totals }) => summed(totals, byOperation, (row) => row.chunks),
  },
  {
    name: 'list_cutter_chunk_attempts_total',
    type: 'counter',
    help: 'Tries at the chunks of the jobs that ended, by what they came to: done; released, to be tried again; failed, and the job with it; lost, when a worker fell silent; void, begun at a wrong guess.',
    samples: ({ totals }) => bySeveral(totals, 'outcome', TRIES),
  },
  {
    name: 'list_cutter_rows_total',
    type: 'counter',
    help: 'Rows of the jobs that succeeded: in = out + filtered + rejected.',
    samples: ({ totals }) => bySeveral(totals, 'fate', ROWS),
  },
  {
    name: 'list_cutter_input_bytes_total',
    type: 'counter',
    help: 'Bytes read by the jobs that succeeded.',
    samples: ({ totals }) => summed(totals, byOperation, (row) => row.bytes_in),
  },
]

/** The metrics as a document in Prometheus' text format. */
export const metricsText = (snapshot: Snapshot): string =>
  exposition(METRICS.map(({ samples, ...about }) => ({ ...about, samples: samples(snapshot) })))
