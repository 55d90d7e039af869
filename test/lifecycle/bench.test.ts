/** The benchmark's parts that need a service: the whole job, and the runtime's memory. Figures are never judged here. */
import { existsSync } from 'node:fs'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { eventually, newPlace } from '../support/cli.ts'

const place = newPlace('bench')
const DATA = place.file('data')
/** The benchmark gives its services a state of their own, beside its lists. */
const STATE = `${DATA}/state`

afterAll(() => place.remove())
afterEach(() => eventually(place.processes, (found) => found.length === 0))

const speed = expect.any(Number)

describe('npm run bench', { timeout: 300_000 }, () => {
  it('measures the whole job through a service of its own, and takes that away', async () => {
    const { code, stdout, stderr } = await place.run(
      'bench.ts',
      '--only',
      'service',
      '--against',
      'none',
      '--mb',
      '0.5',
      '--runs',
      '1',
      '--json',
      '--data',
      DATA,
    ).ended
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toEqual([{ scenario: 'service', ours_mb_s: speed, peers: {} }])
    expect(existsSync(STATE)).toBe(false)
  })

  it("measures the runtime's memory over three jobs and a bare copy", async () => {
    const { code, stdout, stderr } = await place.run('bench.ts', '--memory', '--mb', '10', '--json', '--data', DATA).ended
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ after_first_mib: speed, after_third_mib: speed, bare_copy_mib: speed })
    expect(existsSync(STATE)).toBe(false)
  })

  it('cuts a big list through the service, to the byte as here, and says where the time went', async () => {
    const { code, stdout, stderr } = await place.run('bench.ts', '--big', '--mb', '10', '--json', '--data', DATA).ended
    expect(code, stderr).toBe(0)
    const found = JSON.parse(stdout)
    expect(found).toMatchObject({
      chunks: 1,
      job_ms: { all: speed, engine: speed, read: speed, write: speed },
      memory_mib: { quarters: [speed, speed, speed, speed] },
    })
    expect([found.bytes >= 10e6, found.rows_in > found.rows_out, found.job_ms.all > 0]).toEqual([true, true, true])
    expect(existsSync(STATE)).toBe(false)
  })

  it('loses none of many small jobs', async () => {
    const { code, stdout, stderr } = await place.run('bench.ts', '--jobs', '30', '--json', '--data', DATA).ended
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ jobs: 30, followed: 3, lost: [], wrong: [], findings: [] })
    expect(existsSync(STATE)).toBe(false)
  })
})
