import { describe, expect, it } from 'vitest'
import { type Command, parseCommand } from '../../scripts/lib/command.ts'
import { CRASH, crashRequest } from '../../scripts/lib/crash/args.ts'
import { KINDS, makeList } from '../../scripts/lib/crash/lists.ts'
import { planJobs } from '../../scripts/lib/crash/plan.ts'
import { type CrashResult, crashText, isClean } from '../../scripts/lib/crash/report.ts'

const read = (...argv: string[]) => {
  const { values, words } = parseCommand(CRASH as Command, argv)
  return crashRequest(values, words, '/lists')
}

describe('a command line of crash', () => {
  it('without options is 50 jobs and 30 kills', () => {
    expect(read()).toMatchObject({ jobs: 50, kills: 30, seed: 1, bytes: 24e6, chunkBytes: 262_144, withinMs: 3_000, isKept: false })
  })

  it('takes others', () => {
    const argv = [
      '--jobs',
      '6',
      '--kills',
      '3',
      '--seed',
      '9',
      '--mb',
      '4',
      '--chunk-bytes',
      '65536',
      '--within-ms',
      '0',
      '--data',
      'there',
      '--keep',
    ]
    expect(read(...argv)).toEqual({
      jobs: 6,
      kills: 3,
      seed: 9,
      bytes: 4e6,
      chunkBytes: 65_536,
      withinMs: 0,
      folder: '/lists/there',
      isKept: true,
    })
  })

  it.each([
    [['--jobs', '0'], "--jobs takes a whole number from 1 on, not '0'."],
    [['--kills', 'all'], "--kills takes a whole number from 0 on, not 'all'."],
    [['--chunk-bytes', '65535'], "--chunk-bytes takes a whole number from 65536 on, not '65535'."],
    [['people.csv'], 'Nothing but options: people.csv'],
  ])('%j is refused', (argv, text) => {
    expect(() => read(...argv)).toThrow(text)
  })
})

describe('the jobs of a crash run', () => {
  const request = read()
  const jobs = planJobs(request)

  it('are the same for the same seed, and others for another', () => {
    expect(planJobs(request)).toEqual(jobs)
    expect(planJobs({ ...request, seed: 2 })).not.toEqual(jobs)
  })

  it('are half of one chunk and half of many, of every kind of list and every thing that is asked of it', () => {
    expect(jobs.length).toBe(50)
    const isLarge = jobs.map(({ list }) => list.bytes > 2 * request.chunkBytes)
    expect(isLarge.filter(Boolean).length).toBe(25)
    expect(jobs.filter(({ list }, i) => !isLarge[i] && list.bytes > request.chunkBytes)).toEqual([])
    expect(new Set(jobs.map(({ list }) => list.kind))).toEqual(new Set(Object.keys(KINDS)))
    expect(new Set(jobs.map(({ ask }) => ask.operation))).toEqual(new Set(['filter', 'count', 'analyse']))
  })

  it('come a few at a time, so that there is work at every kill', () => {
    const after = jobs.map(({ afterKills }) => afterKills)
    expect(after).toEqual(after.toSorted((a, b) => a - b))
    expect(after.filter((kills) => kills === 0).length).toBeGreaterThan(1)
    expect(Math.max(...after)).toBeLessThan(request.kills)
  })
})

describe('the lists of a crash run', () => {
  it.each(Object.keys(KINDS))('%s is the same for the same seed', (kind) => {
    const list = makeList(kind, 100_000, 7)
    expect(list.length).toBeGreaterThanOrEqual(100_000)
    expect(makeList(kind, 100_000, 7).equals(list)).toBe(true)
    expect(makeList(kind, 100_000, 8).equals(list)).toBe(false)
  })

  it('long has lines over the record limit', () => {
    const lines = makeList('long', 8_000_000, 1).toString().split('\n')
    expect(lines.filter((line) => line.length > 1_048_576).length).toBeGreaterThan(0)
  })
})

describe('the report of a crash run', () => {
  const result: CrashResult = {
    jobs: 2,
    kills: 1,
    seed: 5,
    states: { running: 1 },
    recovered: 1,
    wrong: [],
    findings: [],
    tally: { jobs: 4 },
    ms: 1_000,
  }

  it('says that nothing was lost where nothing was', () => {
    expect(isClean(result)).toBe(true)
    expect(crashText(result)).toMatch(/^seed 5: 2 jobs, 1 kill, 1\.00 s\nat the kills: 1 running\n[\s\S]*nothing is left over\n$/)
  })

  it.each([
    ['a wrong job', { wrong: ['job_1 (a.csv): ended as failed'] }],
    ['something left over', { findings: ['object without a row: work/x'] }],
    ['a run in which nobody was killed at work', { recovered: 0 }],
  ])('fails for %s', (_, change) => {
    const bad = { ...result, ...change }
    expect(isClean(bad)).toBe(false)
    expect(crashText(bad)).toContain('FAILED')
    for (const line of [...bad.wrong, ...bad.findings]) expect(crashText(bad)).toContain(line)
  })
})
