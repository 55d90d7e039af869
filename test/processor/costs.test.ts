/** The table of costs (scripts/lib/simulate/costs.ts) against the real code: every question to the database, the bucket and the queues is counted. */
import { describe, expect, it } from 'vitest'
import { type Cost, NO_COST, STEPS, stepsOf, sumOf, timesOf } from '../../scripts/lib/simulate/costs.ts'
import { newKey, principalOfKey } from '../../shared/auth/api-key.ts'
import { utf8 } from '../../shared/base/bytes.ts'
import { SIZES, type Sizes } from '../../shared/base/sizes.ts'
import { claimChunk } from '../../shared/jobs/chunk.sql.ts'
import { findJob } from '../../shared/jobs/find.sql.ts'
import { Heart } from '../../shared/jobs/heart.ts'
import { makeMeter } from '../support/meter.ts'
import { deliver, jobNow, makeWorld, storedFile, submit } from '../support/processor.ts'
import { Random } from '../support/random.ts'

const TINY: Partial<Sizes> = { chunkBytesMin: 90, guessBytes: 64, recordBytesMax: 48 }

const meteredWorld = async (sizes: Partial<Sizes>) => {
  const meter = makeMeter()
  const world = await makeWorld((ports) => ({ ...meter.change(ports), sizes: { ...SIZES, ...sizes } }))
  return { meter, world }
}

/** A settled file of chunks of 90 bytes. */
const listOf = async (world: Awaited<ReturnType<typeof meteredWorld>>['world'], chunks: number) => {
  const file = await storedFile(world, `name,age,note\n${'somebody,80,12345678901234567\n'.repeat(3 * chunks)}`, { autoAnalyse: false })
  const event = {
    account: 'a',
    bucket: 'b',
    action: 'PutObject',
    object: { key: file.object_key },
    eventTime: new Date(0).toISOString(),
  } as const
  await deliver(world, 'file-events', event)
  return file
}

/** What a message asks that finds nothing to do: its claim, and the batch that would end a canceled job. */
const IDLE_STATEMENTS = 6

/** Runs a job and the analysis of what it makes, with the messages that are out at a time delivered in any order; what each kind of step came to on average. */
const stepsSeen = async (chunks: number, sizes: Partial<Sizes> = TINY) => {
  const { meter, world } = await meteredWorld(sizes)
  const file = await listOf(world, chunks)
  meter.take()
  const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
  const seen = new Map<string, Cost[]>([['submit', [meter.take()]]])
  const random = new Random(7)
  while (world.sent.length > 0) {
    const wave = world.sent.splice(0).map((message) => ({ message, turn: random.bits() }))
    for (const { message } of wave.sort((a, b) => a.turn - b.turn)) {
      const { queue, body } = message
      const { kind = queue === 'chunks' ? 'chunk' : 'event', job: of } = body as { kind?: string; job?: string }
      const { retried } = await deliver(world, queue, body as never)
      const one = meter.take()
      if (retried > 0) world.sent.push(message)
      const name = of === undefined || of === job.id ? kind : `analysis ${kind}`
      if (retried === 0) seen.set(name, [...(seen.get(name) ?? []), one])
    }
  }
  const done = await jobNow(world, job)
  expect([done.state, done.chunks_total]).toEqual(['succeeded', chunks])
  // A finish message may be there twice: the second one finds nothing to do.
  return (name: string): Cost => {
    const all = (seen.get(name) ?? []).filter(
      (one, _, { length }) => !name.endsWith('finish') || length === 1 || one.statements > IDLE_STATEMENTS,
    )
    return timesOf(1 / all.length, sumOf(all))
  }
}

/** Figures that are further from the table than a tenth (rows: a sixth): the table no longer tells the truth. */
const differences = (seen: Cost, told: Cost) =>
  Object.fromEntries(
    Object.entries(told).flatMap(([key, figure]) => {
      const isRows = key.startsWith('rows')
      const room = Math.max(isRows ? 4 : 0.3, figure * (isRows ? 0.17 : 0.1))
      const was = seen[key as keyof Cost]
      return Math.abs(was - figure) <= room ? [] : [[key, { seen: was, told: figure }]]
    }),
  )

describe('the table of costs', () => {
  it.each([1, 16, 48])('tells what a job of %i chunk(s) and the analysis of its result ask for', async (chunks) => {
    const seen = await stepsSeen(chunks)
    const [file, profile] = [stepsOf('file', chunks), stepsOf('profile', chunks)]
    const told = {
      submit: STEPS.submit,
      plan: file.plan,
      chunk: file.chunk,
      finish: file.finish,
      event: STEPS.event,
      'analysis plan': profile.plan,
      'analysis chunk': profile.chunk,
      'analysis finish': profile.finish,
    }
    expect(Object.fromEntries(Object.entries(told).map(([name, one]) => [name, differences(seen(name), one)]))).toEqual(
      Object.fromEntries(Object.keys(told).map((name) => [name, {}])),
    )
  })

  it('tells what requests, polls and signs of life ask for', async () => {
    const { meter, world } = await meteredWorld({})
    const { text, row } = newKey(world.ports, 'pepper', world.owner, 'a key')
    await world.ports.db.run(row)
    await principalOfKey(world.ports, 'pepper', text)
    meter.take()
    await principalOfKey(world.ports, 'pepper', text)
    const authenticate = meter.take()
    const file = await listOf(world, 1)
    const job = await submit(world, file.id, 'count', {})
    meter.take()
    await findJob(world.ports.db, world.owner, job.id)
    const look = meter.take()
    await deliver(world, 'jobs', { v: 1, kind: 'plan', job: job.id })
    const heart = new Heart(world.ports, (await claimChunk(world.ports.db, job.id, 0, world.now()))!)
    meter.take()
    world.advance(1_001)
    await heart.tick({ bytesIn: 1, rowsIn: 1, rowsOut: 0, rowsRejected: 0 })
    const both = meter.take()
    world.advance(1_001)
    await heart.tick({ bytesIn: 2, rowsIn: 2, rowsOut: 0, rowsRejected: 0 })
    const poll = meter.take()
    const beat = sumOf([both, timesOf(-1, poll)])
    const told = { authenticate: STEPS.authenticate, look: STEPS.look, poll: STEPS.poll, beat: STEPS.beat }
    const seen = { authenticate, look, poll, beat }
    expect(seen).toEqual(told)
  })

  it('tells what putting an object together in parts asks for', async () => {
    const MIB = 1024 * 1024
    const { meter, world } = await meteredWorld({ chunkBytesMin: 4 * MIB, partBytes: 5 * MIB, composeBytesMax: 5 * MIB })
    const csv = utf8(`name,age,note\n${`somebody,80,"${'z'.repeat(240)}"\n`.repeat(44_000)}`)
    const file = await storedFile(world, csv, { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    let finish = NO_COST
    while (world.sent.length > 0) {
      const { queue, body } = world.sent.shift()!
      meter.take()
      await deliver(world, queue, body as never)
      const one = meter.take()
      const { kind, job: of } = body as { kind?: string; job?: string }
      if (kind === 'finish' && of === job.id && one.statements > IDLE_STATEMENTS) finish = sumOf([finish, one])
    }
    const { state, chunks_total } = await jobNow(world, job)
    expect([state, chunks_total]).toEqual(['succeeded', 3])
    // Three parts, the last one shorter, by three messages, in place of the one put of a small object.
    const atOnce: Cost = { ...NO_COST, classA: 1 }
    const told = sumOf([stepsOf('file', 3).finish, timesOf(-1, atOnce), STEPS.compose, timesOf(3, STEPS.part), timesOf(2, STEPS.goOn)])
    expect(differences(finish, told)).toEqual({})
  })
})
