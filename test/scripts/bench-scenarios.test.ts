/** Every scenario means the same to us and to an independent reader: csv-parse for what goes by rows and for the profile's exact facts, the plain scanner for random quotes. */
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { type Answer, agree } from '../../scripts/lib/bench/agree.ts'
import type { ColumnFacts, Contender, List } from '../../scripts/lib/bench/contender.ts'
import { CONTENDERS, contenderOf } from '../../scripts/lib/bench/contenders.ts'
import { listFor } from '../../scripts/lib/bench/lists.ts'
import { SCENARIOS, type Scenario, scenarioOf } from '../../scripts/lib/bench/scenarios.ts'
import { newFolder } from '../support/bench.ts'

const BYTES = 200_000
const folder = newFolder()

/** What csv-parse and plain arithmetic find in a list. */
const factsOf = ({ path, columns }: List): { rows: number; columns: ColumnFacts[] } => {
  const [, ...rows] = parse(readFileSync(path)) as string[][]
  const isNumeric = (values: readonly string[]): boolean => values.every((value) => /^\d+(\.\d+)?$/.test(value))
  return {
    rows: rows.length,
    columns: columns.map((name, c) => {
      const values = rows.map((row) => row[c]!).filter((value) => value !== '')
      const nullPercent = (100 * (rows.length - values.length)) / rows.length
      const sorted = isNumeric(values)
        ? values.map(Number).sort((a, b) => a - b)
        : values.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      const mean = isNumeric(values) ? (sorted as number[]).reduce((sum, value) => sum + value, 0) / sorted.length : null
      return { name, nullPercent, min: sorted[0]!, max: sorted.at(-1)!, mean }
    }),
  }
}

const REFERENCE: Contender = {
  name: 'reference',
  about: '',
  cores: 'one',
  missing: () => null,
  prepare: async ({ list }) => ({ run: async () => factsOf(list) }),
}

const judgeOf = ({ operation, peers }: Scenario): Contender => {
  if (operation === 'analyse') return REFERENCE
  return contenderOf(peers.includes('twin') ? 'twin' : 'csv-parse')
}

const answerOf = async (contender: Contender, scenario: Scenario, list: List): Promise<Answer> => {
  const file = path.join(folder, contender.name)
  const runner = await contender.prepare({ scenario: scenario.name, list })
  return { outcome: await runner.run(file), file }
}

const found = await Promise.all(SCENARIOS.map(async (scenario) => ({ scenario, list: await listFor(scenario, folder, BYTES) })))
const here = found.flatMap(({ scenario, list }) => (list ? [[scenario.name, scenario, list] as const] : []))

describe('every scenario', () => {
  it.each(here)('%s: ours agrees with an independent reader about some of the rows', { timeout: 60_000 }, async (_, scenario, list) => {
    const ours = await answerOf(contenderOf('ours'), scenario, list)
    const judged = await answerOf(judgeOf(scenario), scenario, list)
    expect(await agree(scenario.operation, ours, judged, list.dialect.delimiter)).toMatchObject({ ok: true })
    expect(ours.outcome.rows).toBeGreaterThan(0)
    expect(statSync(ours.file).size).toBeLessThan(list.bytes)
  })

  it('has a name of its own, and names only contenders that there are', () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length)
    const known = new Set(CONTENDERS.map(({ name }) => name))
    for (const { peers, marks } of SCENARIOS) {
      expect(peers.filter((peer) => !known.has(peer))).toEqual([])
      expect(Object.keys(marks).filter((peer) => !peers.includes(peer))).toEqual([])
    }
  })
})

describe('a name', () => {
  it('of no scenario or contender is an error', () => {
    expect(() => scenarioOf('none')).toThrow('There is no scenario none.')
    expect(() => contenderOf('none')).toThrow('There is no contender none.')
  })
})
