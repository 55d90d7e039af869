import { describe, expect, it } from 'vitest'
import { progressOf } from '../../shared/jobs/progress.ts'

type Counted = Parameters<typeof progressOf>[0]

const row = (change: Partial<Counted>): Counted => ({
  state: 'running',
  chunks_total: 4,
  chunks_done: 1,
  bytes_in: 0,
  rows_in: 0,
  rows_out: 0,
  rows_filtered: 0,
  rows_rejected: 0,
  blank_lines: 0,
  started_at: 10_000,
  finalizing_at: null,
  ended_at: null,
  ...change,
})

describe('rate and remaining time', () => {
  it.each<[string, Partial<Counted>, number, readonly [number | null, number | null, number | null]]>([
    ['are not known of a queued job', { state: 'queued', started_at: null }, 12_000, [null, null, null]],
    ['are not known before the first byte', {}, 12_000, [null, null, null]],
    ['are not known in the very moment of its start', { bytes_in: 10 }, 10_000, [null, null, null]],
    ['are the mean since its start', { bytes_in: 2_000, rows_in: 50 }, 14_000, [500, 13, 16]],
    ['round the time up', { bytes_in: 3_000, rows_in: 3 }, 13_000, [1_000, 1, 7]],
    ['leave nothing when all is read', { bytes_in: 10_000, rows_in: 10 }, 20_000, [1_000, 1, 0]],
    ['count no less than nothing', { bytes_in: 12_000 }, 22_000, [1_000, 0, 0]],
    [
      'do not fall while the output is joined',
      { state: 'finalizing', finalizing_at: 12_000, bytes_in: 10_000, rows_in: 8 },
      99_000,
      [5_000, 4, null],
    ],
    ['say nothing of a job that is canceled', { state: 'canceling', bytes_in: 4_000, rows_in: 4 }, 14_000, [1_000, 1, null]],
    [
      'stay after the end',
      { state: 'succeeded', finalizing_at: 14_000, ended_at: 15_000, bytes_in: 10_000, rows_in: 4 },
      99_000,
      [2_500, 1, 0],
    ],
    ['are nothing of a job that failed', { state: 'failed', ended_at: 15_000 }, 99_000, [null, null, 0]],
    ['survive a clock that goes back', { bytes_in: 10 }, 9_000, [null, null, null]],
  ])('%s', (_, change, now, expected) => {
    const { rate_bytes_s, rate_rows_s, remaining_s } = progressOf(row(change), 10_000, now)
    expect([rate_bytes_s, rate_rows_s, remaining_s]).toEqual(expected)
  })

  it('stand beside the counts, which are as they were', () => {
    expect(
      progressOf(row({ bytes_in: 7, rows_in: 6, rows_out: 3, rows_filtered: 2, rows_rejected: 1, blank_lines: 5 }), 70, 11_000),
    ).toEqual({
      chunks_total: 4,
      chunks_done: 1,
      bytes_total: 70,
      bytes_in: 7,
      rows_in: 6,
      rows_out: 3,
      rows_filtered: 2,
      rows_rejected: 1,
      blank_lines: 5,
      rate_bytes_s: 7,
      rate_rows_s: 6,
      remaining_s: 9,
    })
  })
})
