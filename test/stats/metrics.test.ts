import { describe, expect, it } from 'vitest'
import { metricsText, type Snapshot } from '../../shared/stats/metrics.ts'
import type { TotalsRow } from '../../shared/stats/totals.sql.ts'

const NOW = 1_000_000
const QUIET: Snapshot = {
  now: NOW,
  version: '1.2.3',
  live: [],
  runningChunks: 0,
  chunkSentAt: null,
  outbox: [],
  deadLetters: [],
  totals: [],
  backlogs: [{ queue: 'jobs', messages: 0, oldestAt: null }],
}

const lines = (change: Partial<Snapshot>, start: string): string[] =>
  metricsText({ ...QUIET, ...change })
    .split('\n')
    .filter((line) => line.startsWith(start))

const total = (change: Partial<TotalsRow>): TotalsRow => ({
  operation: 'filter',
  state: 'succeeded',
  within_s: 1,
  jobs: 1,
  took_ms: 500,
  waited_ms: 100,
  chunks: 1,
  tries_done: 1,
  tries_released: 0,
  tries_failed: 0,
  tries_lost: 0,
  tries_void: 0,
  bytes_in: 10,
  rows_in: 6,
  rows_out: 3,
  rows_filtered: 2,
  rows_rejected: 1,
  ...change,
})

describe('gauges', () => {
  const live = (state: string, jobs: number, change: object = {}) => ({
    state,
    jobs,
    oldest_at: NOW,
    out_of_turn: 0,
    chunks_total: 0,
    chunks_done: 0,
    ...change,
  })

  it('are all there when nothing happens, and 0', () => {
    const states = ['queued', 'running', 'finalizing', 'canceling'].map((state) => `list_cutter_jobs{state="${state}"} 0`)
    expect(lines({}, 'list_cutter_jobs{')).toEqual(states)
    expect(lines({}, 'list_cutter_oldest')).toEqual(['job', 'chunk', 'outbox'].map((of) => `list_cutter_oldest_age_seconds{of="${of}"} 0`))
    expect(lines({}, 'list_cutter_outbox')).toEqual(['list_cutter_outbox_messages{queue="jobs"} 0'])
    expect(lines({}, 'list_cutter_info')).toEqual(['list_cutter_info{version="1.2.3"} 1'])
  })

  it('count jobs, and the chunks of those that have not ended', () => {
    const change = { live: [live('queued', 2), live('running', 3, { chunks_total: 40, chunks_done: 12 })], runningChunks: 5 }
    expect(lines(change, 'list_cutter_jobs{').slice(0, 2)).toEqual([
      'list_cutter_jobs{state="queued"} 2',
      'list_cutter_jobs{state="running"} 3',
    ])
    expect(lines(change, 'list_cutter_chunks{')).toEqual([
      'list_cutter_chunks{state="waiting"} 23',
      'list_cutter_chunks{state="running"} 5',
      'list_cutter_chunks{state="done"} 12',
    ])
  })

  it('tell the age of what waits longest', () => {
    const change = {
      live: [live('queued', 1, { oldest_at: NOW - 9_500 }), live('running', 1, { oldest_at: 0 })],
      chunkSentAt: NOW - 3_000,
      outbox: [
        { queue: 'jobs', messages: 4, oldest_at: NOW - 2_000 },
        { queue: 'chunks', messages: 1, oldest_at: NOW - 7_000 },
      ],
    }
    expect(lines(change, 'list_cutter_oldest').map((line) => line.split('} ')[1])).toEqual(['9.5', '3', '7'])
    expect(lines(change, 'list_cutter_outbox')).toEqual([
      'list_cutter_outbox_messages{queue="jobs"} 4',
      'list_cutter_outbox_messages{queue="chunks"} 1',
    ])
  })

  it('never tell an age below zero', () =>
    expect(lines({ chunkSentAt: NOW + 50 }, 'list_cutter_oldest_age_seconds{of="chunk"}')).toEqual([
      'list_cutter_oldest_age_seconds{of="chunk"} 0',
    ]))

  it('tell what queues say of themselves', () => {
    const backlogs = [{ queue: 'chunks', messages: 7, oldestAt: NOW - 1_500 }]
    expect(lines({ backlogs }, 'list_cutter_queue')).toEqual([
      'list_cutter_queue_messages{queue="chunks"} 7',
      'list_cutter_queue_oldest_age_seconds{queue="chunks"} 1.5',
    ])
  })
})

describe('totals', () => {
  const totals = [
    total({ jobs: 2, took_ms: 1_000 }),
    total({
      within_s: 60,
      took_ms: 40_000,
      tries_done: 2,
      tries_lost: 1,
      tries_void: 3,
      chunks: 2,
      rows_in: 100,
      rows_out: 100,
      rows_filtered: 0,
      rows_rejected: 0,
    }),
    total({ within_s: 0, took_ms: 90_000_000 }),
    total({
      state: 'failed',
      within_s: 5,
      tries_done: 0,
      tries_released: 4,
      tries_failed: 1,
      bytes_in: 0,
      rows_in: 0,
      rows_out: 0,
      rows_filtered: 0,
      rows_rejected: 0,
    }),
    total({ operation: 'count', rows_in: 7, rows_out: 7, rows_filtered: 0, rows_rejected: 0 }),
  ]

  it('are told by operation and end', () =>
    expect(lines({ totals }, 'list_cutter_jobs_ended_total')).toEqual([
      'list_cutter_jobs_ended_total{operation="filter",state="succeeded"} 4',
      'list_cutter_jobs_ended_total{operation="filter",state="failed"} 1',
      'list_cutter_jobs_ended_total{operation="count",state="succeeded"} 1',
    ]))

  it('of durations are a histogram: buckets add up, the last holds all', () => {
    const found = lines({ totals }, 'list_cutter_job_duration_seconds').filter((line) =>
      line.includes('operation="filter",state="succeeded"'),
    )
    const value = (label: string) => Number(found.find((line) => line.includes(label))!.split('} ')[1])
    expect(['1', '5', '15', '60', '300', '1800', '7200', '43200', '+Inf'].map((le) => value(`le="${le}"`))).toEqual([
      2, 2, 2, 3, 3, 3, 3, 3, 4,
    ])
    expect([value('_sum{'), value('_count{')]).toEqual([90_041, 4])
  })

  it('of rows keep the law of accounts', () => {
    const counted = Object.fromEntries(
      lines({ totals }, 'list_cutter_rows_total{operation="filter"').map((line) => [
        /fate="(\w+)"/.exec(line)![1],
        Number(line.split('} ')[1]),
      ]),
    ) as Record<'in' | 'out' | 'filtered' | 'rejected', number>
    expect(counted).toEqual({ in: 112, out: 106, filtered: 4, rejected: 2 })
    expect(counted.in).toBe(counted.out + counted.filtered + counted.rejected)
  })

  it('tell the tries beside the chunks', () => {
    const change = { totals }
    const tries = { done: 4, released: 4, failed: 1, lost: 1, void: 3 }
    expect(lines(change, 'list_cutter_chunk_attempts_total{operation="filter"')).toEqual(
      Object.entries(tries).map(([outcome, n]) => `list_cutter_chunk_attempts_total{operation="filter",outcome="${outcome}"} ${n}`),
    )
    expect(lines(change, 'list_cutter_job_chunks_total')[0]).toBe('list_cutter_job_chunks_total{operation="filter"} 5')
    expect(lines(change, 'list_cutter_input_bytes_total')[0]).toBe('list_cutter_input_bytes_total{operation="filter"} 30')
  })
})

it('every line is a comment or a sample, every name is ours, and each family is described once', () => {
  const text = metricsText({ ...QUIET, totals: [total({})], deadLetters: [{ queue: 'chunks', messages: 2, oldest_at: 1 }] })
  expect(text.endsWith('\n')).toBe(true)
  const families: string[] = []
  for (const line of text.trimEnd().split('\n')) {
    const described = /^# (HELP|TYPE) (list_cutter_[a-z_]+) \S/.exec(line)
    if (described) {
      if (described[1] === 'HELP') families.push(described[2]!)
      else expect(described[2]).toBe(families.at(-1))
      continue
    }
    const sample = /^(list_cutter_[a-z_]+?)(?:_bucket|_sum|_count)?(?:\{(?:[a-z_]+="[^"]*",?)+\})? -?[\d.e+]+$/.exec(line)
    expect(sample, line).not.toBeNull()
    expect(line.startsWith(families.at(-1)!), line).toBe(true)
  }
  expect(new Set(families).size).toBe(families.length)
  expect(families.length).toBeGreaterThan(10)
})
