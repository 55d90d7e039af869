import { describe, expect, it } from 'vitest'
import { checkAccounts, type Done, summaryJson, summaryText } from '../../scripts/lib/summary.ts'
import type { JobInfo } from '../../shared/client/api.ts'

const progress = {
  chunks_total: 1,
  chunks_done: 1,
  bytes_total: 2_000_000,
  bytes_in: 2_000_000,
  rows_in: 1_100,
  rows_out: 1_000,
  rows_filtered: 98,
  rows_rejected: 2,
  blank_lines: 3,
}

const job = {
  id: 'job_1',
  operation: 'filter',
  input: { file: 'file_in', etag: 'e', bytes: 2_000_000 },
  progress,
  notes: [],
  warnings: [{ code: 'stray_quote', count: 1_234, first: { record: 17, line: 18, byte_offset: 912 } }],
  started_at: '2026-11-20T09:30:00.000Z',
  ended_at: '2026-11-20T09:30:00.500Z',
} as unknown as JobInfo

const done: Done = {
  name: 'people\u001b[31m.csv',
  clause: 'age > 60',
  job,
  place: '/lists/people.cut.csv',
  output: { file: 'file_out', bytes: 1_500, rows: 1_000, sha256: null },
  rejects: { file: 'file_rej', place: '/lists/people.cut.rejects.csv' },
  edge: {
    parent: 'file_in',
    child: 'file_out',
    kind: 'CUT_FROM',
    operation: 'filter',
    spec_sha256: '0123456789abcdef',
    engine_version: '0.1.0+twin',
  },
  ms: 2_345,
}

describe('the end of a cut', () => {
  it('says what became of the rows, where they are, how long it took, and where they come from', () => {
    expect(summaryText(done)).toBe(
      [
        'people\\x1b[31m.csv: 1,100 rows in = 1,000 out + 98 filtered + 2 rejected; 3 blank lines left out',
        '  where    age > 60',
        '  out      /lists/people.cut.csv  1,000 rows, 1.50 kB',
        '  rejects  /lists/people.cut.rejects.csv  (file_rej)',
        '  time     2.00 MB in 0.50 s (4.0 MB/s), 2.35 s in all',
        '  file     file_out',
        '  lineage  file_in --filter--> file_out  (CUT_FROM, spec 0123456789ab, engine 0.1.0+twin)',
        '  profile  npm run analyse -- file_in',
        '  warning  stray_quote: 1,234, first in record 17, line 18, byte 912',
        '',
      ].join('\n'),
    )
  })

  it('of a count names no file', () => {
    const counted = { ...done, place: null, output: null, rejects: null, edge: null, job: { ...job, warnings: [] } }
    expect(
      summaryText(counted)
        .split('\n')
        .map((line) => line.trim().split(' ')[0]),
    ).toEqual(['people\\x1b[31m.csv:', 'where', 'time', 'profile', ''])
  })

  it('is the same for programs', () => {
    expect(summaryJson(done)).toMatchObject({
      rows_in: 1_100,
      rows_out: 1_000,
      rows_filtered: 98,
      rows_rejected: 2,
      job_ms: 500,
      output: { file: 'file_out', place: '/lists/people.cut.csv' },
    })
  })

  it('is a failure when a row is not accounted for', () => {
    expect(() => checkAccounts(progress)).not.toThrow()
    expect(() => checkAccounts({ ...progress, rows_filtered: 97 })).toThrow('do not add up')
  })
})
