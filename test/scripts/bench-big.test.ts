import { describe, expect, it } from 'vitest'
import { type BigResult, bigJson, bigText, quarters } from '../../scripts/lib/bench/big-report.ts'

const result: BigResult = {
  bytes: 2e9,
  out: 8e8,
  rowsIn: 500_000,
  rowsOut: 200_000,
  chunks: 30,
  localMs: 4_000,
  uploadMs: 40_000,
  shares: { all: 100_000, read: 20_000, write: 10_000, engine: 30_000, finish: 35_000, rest: 5_000 },
  idle: 150,
  mib: [200, 210, 220, 300, 300, 310, 305, 301],
}

describe('the report of a big list', () => {
  it('says where the time went', () => {
    expect(bigText(result)).toContain(
      'engine 30.0 s (30 %) + R2 reads 20.0 s (20 %) + R2 writes 10.0 s (10 %) + putting together 35.0 s (35 %) + queue and database 5.00 s (5 %)',
    )
    expect(bigText(result)).toContain('1 min 40 s (20 MB/s)')
  })

  it('shows memory in the quarters of the job', () => {
    expect(quarters(result.mib)).toEqual([205, 260, 305, 303])
    expect(quarters([7])).toEqual([7, 7, 7, 7])
    expect(bigJson(result)).toMatchObject({ memory_mib: { before: 150, highest: 310 }, job_ms: { all: 100_000, engine: 30_000 } })
  })
})
