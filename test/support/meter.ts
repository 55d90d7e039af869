/** What does a piece of work ask of the platform? The ports of a world with every question counted: database, bucket and messages, as Cloudflare counts and bills them. */
import { env } from 'cloudflare:workers'
import { type Cost, NO_COST } from '../../scripts/lib/simulate/costs.ts'
import { d1 } from '../../shared/db/db.ts'
import { steadyDb } from '../../shared/db/steady-db.ts'
import { tellingStore } from '../../shared/files/storage-events.ts'
import { r2Store, type Store } from '../../shared/files/store.ts'
import type { Ports } from '../../shared/ports.ts'

type Counts = { -readonly [K in keyof Cost]: Cost[K] }

export interface Meter {
  /** For `makeWorld`. */
  change(ports: Ports): Partial<Ports>
  /** What was asked since the last time. */
  take(): Cost
}

const WRITES = /\b(?:INSERT|UPDATE|DELETE)\b/i

interface Counted {
  readonly sql: string
  readonly statement: D1PreparedStatement
}

/** The binding, with what D1 says of each statement added up. */
const countedD1 = (count: (statements: readonly Counted[], results: readonly D1Result[]) => void): D1Database => {
  const alone = async (counted: Counted): Promise<D1Result> => {
    const result = await counted.statement.all()
    count([counted], [result])
    return result
  }
  const bound = (counted: Counted) => ({
    ...counted,
    first: async () => (await alone(counted)).results[0] ?? null,
    all: () => alone(counted),
    run: () => alone(counted),
  })
  return {
    prepare: (sql: string) => ({ bind: (...values: unknown[]) => bound({ sql, statement: env.DB.prepare(sql).bind(...values) }) }),
    batch: async (statements: readonly Counted[]) => {
      const results = await env.DB.batch(statements.map(({ statement }) => statement))
      count(statements, results)
      return results
    },
  } as unknown as D1Database
}

const CLASS_A = ['put', 'createMultipart', 'uploadPart', 'completeMultipart', 'list'] as const
const CLASS_B = ['head', 'read'] as const

export const makeMeter = (): Meter => {
  let reading: Counts = { ...NO_COST }
  const countedStore = (store: Store): Store => {
    const counted = (names: readonly (keyof Store)[], price: 'classA' | 'classB') =>
      names.map((name) => {
        const ask = store[name] as (...all: never[]) => unknown
        return [
          name,
          (...all: never[]) => {
            reading[price]++
            return ask(...all)
          },
        ]
      })
    return { ...store, ...Object.fromEntries([...counted(CLASS_A, 'classA'), ...counted(CLASS_B, 'classB')]) }
  }
  const binding = countedD1((statements, results) => {
    reading[statements.some(({ sql }) => WRITES.test(sql)) ? 'writes' : 'reads']++
    reading.statements += statements.length
    for (const { meta } of results) {
      reading.rowsRead += meta.rows_read
      reading.rowsWritten += meta.rows_written
    }
  })
  const change: Meter['change'] = ({ queues, clock, random }) => {
    const countedQueues: Ports['queues'] = {
      send: (queue, body, delayS) => {
        reading.messages++
        return queues.send(queue, body, delayS)
      },
    }
    return {
      db: steadyDb(d1(binding), { clock, random }),
      store: countedStore(tellingStore(r2Store(env.BUCKET), countedQueues, clock)),
      queues: countedQueues,
    }
  }
  const take = (): Cost => {
    const taken = reading
    reading = { ...NO_COST }
    return taken
  }
  return { change, take }
}
