import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseCommand, UsageError } from '../../scripts/lib/command.ts'
import { seeded } from '../../scripts/lib/seeded.ts'
import { SIMULATE, sceneOf } from '../../scripts/lib/simulate/args.ts'
import { requestUsage, sumUsage } from '../../scripts/lib/simulate/price.ts'
import { costsText, outcomeText } from '../../scripts/lib/simulate/report.ts'
import { runScene } from '../../scripts/lib/simulate/run.ts'
import type { Scene } from '../../scripts/lib/simulate/scene.ts'
import { beatsOf, filterOf, paceMs, partMs, piecesOf } from '../../scripts/lib/simulate/size.ts'
import { Stage } from '../../scripts/lib/simulate/stage.ts'
import { type Process, Timeline } from '../../scripts/lib/simulate/timeline.ts'
import { SIZES } from '../../shared/base/sizes.ts'
import { COMPOSE_START } from '../../shared/jobs/composed.ts'
import type { CompositionRow, Finisher } from '../../shared/jobs/composition.sql.ts'
import { flyingMax, PartMaker } from '../../shared/jobs/part-maker.ts'
import type { Ports } from '../../shared/ports.ts'

const scene = (change: Partial<Scene> = {}): Scene => ({ ...sceneOf({}), owners: 4, jobs: 25, ...change })
const calm = { ...scene().assumed, failing: 0, dying: 0 }

describe('virtual time', () => {
  it('lets things happen in their order, those of one moment as they were asked for', () => {
    const time = new Timeline()
    const seen: string[] = []
    const draw = seeded(3)
    const delays = Array.from({ length: 500 }, () => Math.floor(draw() * 50))
    for (const [i, ms] of delays.entries()) time.after(ms, () => seen.push(`${ms} ${i}`))
    time.run()
    const sorted = delays.map((ms, i) => ({ ms, i })).sort((a, b) => a.ms - b.ms || a.i - b.i)
    expect(seen).toEqual(sorted.map(({ ms, i }) => `${ms} ${i}`))
  })

  it.each([0.3, 0.7, 0.9])('a single server behaves as queueing theory says at load %d', (load) => {
    const [time, draw] = [new Timeline(), seeded(11)]
    const stage = new Stage(time, 'server', 1)
    const comers = function* (): Process {
      for (let i = 0; i < 200_000; i++) {
        yield time.sleep(-Math.log(1 - draw()) / load)
        time.start(stage.use(1))
      }
    }
    time.start(comers())
    time.run()
    const { meanMs, utilisation } = stage.figures(time.now)
    // Pollaczek and Khinchine, for a service that always takes 1.
    expect(meanMs / (1 + load / (2 * (1 - load)))).toBeCloseTo(1, load > 0.8 ? 1 : 2)
    expect(utilisation).toBeCloseTo(load, 2)
  })

  it('a limited rate is kept, and used', () => {
    const time = new Timeline()
    const stage = new Stage(time, 'queue', 100, 50)
    for (let i = 0; i < 500; i++) time.start(stage.use(1))
    time.run()
    expect(time.now).toBeGreaterThanOrEqual(499 * 20)
    expect(time.now).toBeLessThan(500 * 20 + 2)
  })
})

const SCENES: readonly (readonly [string, Partial<Scene>])[] = [
  ['small jobs as fast as they are answered', {}],
  ['small jobs at random moments', { ratePerS: 5 }],
  ['jobs of some chunks', { bytes: 1e9, jobs: 3 }],
  ['a result of large parts', { owners: 1, jobs: 1, bytes: 1e12 }],
  ['two databases, few consumers', { shards: 2, consumers: 3 }],
  ['somebody waits for each', { watched: 1, ratePerS: 3 }],
  ['tries that fail often', { bytes: 3e8, assumed: { ...calm, failing: 0.4 } }],
  ['workers that die', { bytes: 3e8, assumed: { ...calm, dying: 0.1 } }],
  ['no analyses', { analyses: false, backlog: 50 }],
]

describe('the simulation', () => {
  it.each(SCENES)('loses nothing and doubles nothing: %s', (_, change) => {
    const asked = scene(change)
    const outcome = runScene(asked)
    const { submitted, succeeded, failed, analyses, lengthMs, latency, backlog, stages, allStages, meanJobs } = outcome
    expect(submitted).toBe(asked.owners * asked.jobs + asked.backlog)
    expect(succeeded + failed).toBe(submitted)
    expect(analyses).toBe(asked.analyses ? succeeded : 0)
    expect(latency.jobs + (backlog?.jobs ?? 0)).toBe(submitted)
    for (const { utilisation, rateUsed, meanHere, meanMs, served } of allStages) {
      expect(utilisation).toBeLessThanOrEqual(1 + 1e-9)
      expect(rateUsed ?? 0).toBeLessThanOrEqual(1 + 1e-9)
      // Little: those here are those who come in a moment, times how long they stay.
      if (served > 0) expect(meanHere / ((served * meanMs) / outcome.totalMs)).toBeCloseTo(1, 6)
    }
    for (const { utilisation } of stages) expect(utilisation).toBeLessThanOrEqual(1 + 1e-9)
    expect(meanJobs / ((submitted / lengthMs) * outcome.meanMs)).toBeCloseTo(1, 6)
  })

  it('is the same with the same seed, and another with another', () => {
    expect(runScene(scene())).toEqual(runScene(scene()))
    expect(runScene(scene({ seed: 2 })).lengthMs).not.toBe(runScene(scene()).lengthMs)
  })

  it('a chunk that always fails fails its job after five tries', () => {
    const { failed, retries, analyses } = runScene(scene({ assumed: { ...calm, failing: 1 } }))
    expect([failed, retries, analyses]).toEqual([100, 500, 0])
  })

  it('asks what the arithmetic of costs says', () => {
    for (const bytes of [1e6, 1e9, 1e11, 1e12]) {
      const { allStages: stages } = runScene(scene({ owners: 1, jobs: 1, bytes, assumed: calm }))
      const { cost } = sumUsage(Object.values(requestUsage(bytes, 0.38, SIZES, calm)))
      const served = (name: string): number => stages.find((stage) => stage.name === name)?.served ?? 0
      // A finish that goes on in other messages holds one consumer here, for as long as all of them together.
      const { moreFinishes } = piecesOf(filterOf(bytes, 0.38), SIZES, calm)
      const messages = served('queue jobs') + moreFinishes + served('queue chunks') + served('queue file-events')
      expect(served('database') / (cost.reads + cost.writes)).toBeCloseTo(1, 1)
      expect(messages / cost.messages).toBeCloseTo(1, 1)
    }
  })

  it('is held up by its database: two of them do nearly twice as much', () => {
    const fast = (shards: number) => runScene(scene({ owners: 16, shards, assumed: calm })).jobsPerS
    expect(fast(2) / fast(1)).toBeGreaterThan(1.7)
    expect(fast(2) / fast(1)).toBeLessThan(2.1)
  })
})

describe('the fair share', () => {
  const others: Partial<Scene> = { owners: 10, jobs: 1, ratePerS: 0.5, analyses: false, assumed: calm }

  it("one owner's ten thousand jobs delay another's single job by seconds, and without it by minutes", () => {
    const alone = runScene(scene(others)).latency
    const beside = runScene(scene({ ...others, backlog: 10_000 }))
    const without = runScene(scene({ ...others, backlog: 10_000, sizes: { ...SIZES, parallelPerOwner: Number.MAX_SAFE_INTEGER } }))
    expect(beside.backlog?.jobs).toBe(10_000)
    expect(beside.latency.max - alone.max).toBeLessThan(10_000)
    expect(without.latency.max).toBeGreaterThan(60_000)
  })
})

describe('sizes', () => {
  it('are those of the service', () => {
    expect(piecesOf(filterOf(1e6, 0.5), SIZES, calm)).toMatchObject({ chunks: 1, parts: 0, moreFinishes: 0 })
    expect(piecesOf(filterOf(1e9, 0.5), SIZES, calm)).toMatchObject({ chunks: 15, parts: 60, partBytes: 8 * 1024 * 1024 })
    expect(piecesOf(filterOf(1e11, 0.38), SIZES, calm)).toMatchObject({ chunks: 1000, parts: 4530, moreFinishes: 15 })
    expect(piecesOf(filterOf(1e12, 0.4), SIZES, calm)).toMatchObject({ chunks: 1000, partBytes: 39 * 1024 * 1024 })
  })

  it('signs of life come after 1, 3, 7 and 15 seconds, then every 15', () => {
    expect([0.9, 1, 2.9, 3, 7, 15, 29, 30, 45].map((s) => beatsOf(s * 1000))).toEqual([0, 1, 1, 2, 3, 4, 4, 5, 6])
  })
})

/** How long the real maker of parts takes for so many of them, where one is filled in `fillMs` and sent in `sendMs`; time is that of fake timers. */
const makingMs = async (parts: number, partBytes: number, fillMs: number, sendMs: number): Promise<number> => {
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
  const ports = {
    clock: { now: () => Date.now(), sleep },
    db: { batch: async () => [{ changes: 1 }] },
    store: { uploadPart: (_key: string, _upload: string, number: number) => sleep(sendMs).then(() => ({ number, etag: 'e' })) },
  } as unknown as Ports
  const row = { part_bytes: partBytes, parts_done: 0, object_key: 'k', upload_id: 'u' } as CompositionRow
  const maker = new PartMaker(ports, {} as Finisher, row)
  const began = Date.now()
  const making = (async () => {
    for (let part = 0; part < parts; part++) {
      await sleep(fillMs)
      maker.take(new Uint8Array(1))
      await maker.send(COMPOSE_START)
    }
    await maker.landAll()
    return Date.now() - began
  })()
  await vi.runAllTimersAsync()
  return making
}

describe('the pace of a composition', () => {
  const MIB = 1024 * 1024
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([
    [8, 4, 100, 50],
    [8, 4, 100, 1000],
    [13, 2, 100, 150],
    [13, 2, 300, 100],
    [37, 1, 100, 200],
    [37, 1, 300, 100],
  ])('is that of the real maker of parts: %i MiB, %i at a time, filled in %i ms and sent in %i ms', async (mib, flying, fillMs, sendMs) => {
    vi.useFakeTimers()
    expect(flyingMax(mib * MIB)).toBe(flying)
    // The beginning and the end, where fewer are on their way, are in both.
    const [few, many] = [await makingMs(12, mib * MIB, fillMs, sendMs), await makingMs(36, mib * MIB, fillMs, sendMs)]
    expect((many - few) / 24).toBeCloseTo(paceMs(fillMs, sendMs, flying), 6)
  })

  it('small parts wait for reading alone; large ones are read and then written', () => {
    const free = { ...calm, moveCpuMsPerGb: 0, r2RequestMs: 0, r2ReadMbPerS: 100, r2WriteMbPerS: 50 }
    expect(partMs(8 * MIB, SIZES, free)).toBeCloseTo((8 * MIB) / 100e3, 6)
    expect(partMs(37 * MIB, SIZES, free)).toBeCloseTo((37 * MIB) / 100e3 + (37 * MIB) / 50e3, 6)
  })
})

describe('the command', () => {
  const asked = (...argv: string[]): Scene => sceneOf(parseCommand(SIMULATE, argv).values)

  it('takes every assumption as an option', () => {
    const { bytes, analyses, assumed, ratePerS } = asked('--size', '1.5G', '--no-analyses', '--d1-write-ms', '5', '--rate', '2.5')
    expect([bytes, analyses, assumed.d1WriteMs, ratePerS]).toEqual([1.5e9, false, 5, 2.5])
  })

  it.each([
    ['--size', '1X'],
    ['--size', '6T'],
    ['--owners', '0'],
    ['--jobs', '1.5'],
    ['--share', '1.1'],
    ['--d1-read-ms', 'fast'],
    ['--r2-read-mb-s', '0'],
    ['--size', '1T', '--share', '1'],
  ])('refuses %s %s %s %s', (...argv: string[]) => {
    expect(() => asked(...argv)).toThrow(UsageError)
  })

  it('prints tables', () => {
    const small = scene({ backlog: 5 })
    const text = outcomeText(small, runScene(small))
    for (const part of ['105 jobs submitted: 105 succeeded, 0 failed', 'busy most: database', 'the owner with the backlog', 'queue chunks'])
      expect(text).toContain(part)
    expect(costsText(small)).toMatch(/^for a TB( +\$\d+\.\d+){4}$/m)
  })
})
