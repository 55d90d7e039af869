import { describe, expect, it } from 'vitest'
import { memoryJson, memoryText } from '../../scripts/lib/bench/memory.ts'
import type { Measured } from '../../scripts/lib/bench/race.ts'
import { failures, missingLine, scenarioJson, TABLE_HEAD, tableLines } from '../../scripts/lib/bench/report.ts'
import { scenarioOf } from '../../scripts/lib/bench/scenarios.ts'

const measured: Measured = {
  scenario: scenarioOf('number-40'),
  bytes: 64_000_000,
  oursMbPerS: 2_345.67,
  pairs: [
    { peer: 'duckdb-1', mbPerS: 180.26, ratio: 13.04, agreed: 'bytes' },
    { peer: 'duckdb-all', mbPerS: 300, ratio: 7.8, agreed: 'rows' },
    { peer: 'csv-parse', mbPerS: 60, ratio: 39.1, agreed: 'bytes' },
    { peer: 'memory-copy', mbPerS: 18_000, ratio: 0.13, agreed: null },
  ],
  missing: [{ peer: 'gawk', why: 'gawk is not on the PATH' }],
  wrong: [{ peer: 'udsv', why: '7 rows and 8' }],
}

describe('the table', () => {
  it('has a line for each peer, with its ratio and the mark; then who was missing, and who was wrong', () => {
    expect(`${TABLE_HEAD}${tableLines(measured)}`).toBe(
      [
        'scenario         ours MB/s  peer                  MB/s     ratio      mark                same',
        '──────────────  ──────────  ──────────────  ──────────  ────────  ────────  ────────────  ────',
        'number-40             2346  duckdb-1               180     13.0×     12.0×  reached       bytes',
        '                            duckdb-all             300     7.80×                          rows',
        '                            csv-parse             60.0     39.1×     50.0×  0.78× of it   bytes',
        '                            memory-copy          18000     0.13×     0.11×  reached',
        '                            gawk            not here: gawk is not on the PATH',
        '                            udsv            WRONG: 7 rows and 8',
        '',
      ].join('\n'),
    )
  })

  it('tells our own speed where nobody was here to run beside', () => {
    expect(tableLines({ ...measured, pairs: [], missing: [], wrong: [] })).toBe('number-40             2346\n')
  })

  it('says that a real list is not here', () => {
    expect(missingLine(scenarioOf('real-tweets'))).toBe('real-tweets     not here: fte_mayweather_tweets.csv, repeated to size\n')
  })
})

describe('the JSON of a scenario', () => {
  it('has its name, our speed, and the speeds of those that were run', () => {
    expect(scenarioJson(measured)).toEqual({
      scenario: 'number-40',
      ours_mb_s: 2_345.7,
      peers: { 'duckdb-1': 180.3, 'duckdb-all': 300, 'csv-parse': 60, 'memory-copy': 18_000 },
    })
  })
})

describe('failures', () => {
  it('name scenario, peer and reason', () => {
    expect(failures(measured)).toEqual(['number-40: udsv: 7 rows and 8'])
  })
})

describe('the memory', () => {
  const result = { afterFirst: 100, afterThird: 111, bareCopy: 50.4 }

  it('is told with its marks', () => {
    expect(memoryText(result)).toMatch(/11\.0 % more \(mark: 10 %, not reached\)[\s\S]*took 61 MiB more \(mark: 64 MiB, reached\)/)
  })

  it('is told to programs in MiB', () => {
    expect(memoryJson(result)).toEqual({ after_first_mib: 100, after_third_mib: 111, bare_copy_mib: 50 })
  })
})
