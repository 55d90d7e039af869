/** Database and storage are away for a minute while jobs run: messages come back with a delay, and nothing is lost. */
import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/base/errors.ts'
import { retryDelayS } from '../../shared/base/retry.ts'
import type { Db } from '../../shared/db/db.ts'
import { steadyDb } from '../../shared/db/steady-db.ts'
import { steadyStore } from '../../shared/files/steady-store.ts'
import type { Store } from '../../shared/files/store.ts'
import {
  contentOf,
  deliver,
  eventsOf,
  fireTick,
  jobNow,
  makeWorld,
  type Sent,
  storedFile,
  submit,
  type World,
} from '../support/processor.ts'

const OUTAGE_MS = 60_000

/** The same port, every call of which fails while `isDown`. */
const failing = <Port extends object>(port: Port, isDown: () => boolean, failure: () => AppError): Port =>
  new Proxy(port, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown
      return async (...args: unknown[]) => {
        if (isDown()) throw failure()
        return method.apply(target, args)
      }
    },
  })

const OUTAGES = {
  database: { code: 'overloaded', isUndone: true },
  storage: { code: 'storage_unavailable', isUndone: true },
} as const

/** Delivers as a queue would: each message when it is due, those that are given back after their delay, and a tick every half minute. */
const live = async (world: World, untilMs: number): Promise<void> => {
  const waiting: (Sent & { dueAt: number; attempts: number })[] = []
  const end = world.now() + untilMs
  let tickAt = world.now()
  while (world.now() < end) {
    for (const message of world.sent.splice(0)) waiting.push({ ...message, dueAt: world.now(), attempts: 1 })
    const due = waiting.filter(({ dueAt }) => dueAt <= world.now())
    for (const message of due) {
      waiting.splice(waiting.indexOf(message), 1)
      const { retried } = await deliver(world, message.queue, message.body as never, message.attempts)
      const delayMs = 1000 * retryDelayS(message.attempts, world.ports.random)
      if (retried > 0) waiting.push({ ...message, dueAt: world.now() + delayMs, attempts: message.attempts + 1 })
    }
    if (world.now() >= tickAt) {
      await fireTick(world).catch(() => {})
      tickAt += 30_000
    }
    world.advance(1000)
  }
}

describe('an outage', () => {
  it.each(['database', 'storage'] as const)('of the %s for a minute fails no job and doubles none', async (name) => {
    let isDown = false
    const failure = () => new AppError(OUTAGES[name].code, 'away', { isUndone: true })
    const world = await makeWorld(({ db, store, clock, random }) => {
      const patience = { clock, random }
      return name === 'database'
        ? {
            db: steadyDb(
              failing<Db>(db, () => isDown, failure),
              patience,
            ),
          }
        : {
            store: steadyStore(
              failing<Store>(store, () => isDown, failure),
              patience,
            ),
          }
    })
    const jobs = []
    for (let i = 0; i < 4; i++) {
      const file = await storedFile(world, `name,age\nAda,36\nBob,${70 + i}\n`, { autoAnalyse: false })
      jobs.push(await submit(world, file.id, 'filter', { where: 'age > 60' }))
    }
    // Two are planned when it begins, so that both steps and chunks meet it.
    for (const message of world.sent.splice(0, 2)) await deliver(world, message.queue, message.body as never)
    isDown = true
    await live(world, OUTAGE_MS)
    isDown = false
    await live(world, 300_000)
    for (const [i, job] of jobs.entries()) {
      const row = await jobNow(world, job)
      expect([row.state, row.error]).toEqual(['succeeded', null])
      expect(await contentOf(world, row.result_file!)).toBe(`name,age\nBob,${70 + i}\n`)
      expect(await eventsOf(world, job.id)).toEqual(['job.started', 'job.succeeded'])
    }
  })
})
