/** A sample of the proof (`npm run proof` has all of it): some single faults, fifty seeds, and that every sabotage still finds what it takes away. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { FAULTS } from './fault.ts'
import { SABOTAGES } from './sabotages.ts'
import { sabotaged } from './saboteur.ts'
import { calmCase, type Done, quietCase, rateOf, runCase, STRUCK, seeds, struckCase } from './suite.ts'
import { isWell, linesOf, Tally } from './tally.ts'

/** Calls that are struck by each fault, of each scenario. */
const SAMPLE = 8

/** Ten seconds where nothing else runs; minutes where much does. */
const LONG_MS = 300_000

const toldOf = (done: Done): string[] => (isWell(done) ? [] : linesOf(done))

describe('where nothing goes wrong', () => {
  it('every promise is kept', async () => {
    expect(toldOf(await runCase(calmCase(1)))).toEqual([])
  })

  it('every promise is kept though guesses are wrong, a place cannot be read, an input is replaced and a job is canceled', async () => {
    for (const seed of [1, 2, 3]) expect(toldOf(await runCase(quietCase('all', seed)))).toEqual([])
  })

  it('a seed always goes the same way', async () => {
    const [one, other] = [await runCase(quietCase('all', 7)), await runCase(quietCase('all', 7))]
    expect(one.run.lines).toEqual(other.run.lines)
  })
})

describe('one fault', () => {
  it.each(STRUCK.flatMap((scenario) => FAULTS.map((fault) => [fault, scenario] as const)))(
    '%s, at any call of %s, harms nobody',
    async (fault, scenario) => {
      const { run } = await runCase(quietCase(scenario))
      const step = Math.ceil(run.sites.length / SAMPLE)
      for (let index = FAULTS.indexOf(fault); index < run.sites.length; index += step)
        expect(toldOf(await runCase(struckCase(scenario, [{ index, fault }])))).toEqual([])
    },
    LONG_MS,
  )
})

describe('faults everywhere', () => {
  it(
    'by fifty seeds, harm nobody',
    async () => {
      const told: string[] = []
      const tally = new Tally((line) => told.push(line))
      for await (const done of seeds(1, 50)) tally.add(done, rateOf(done.one.options.seed))
      expect(told).toEqual([])
      expect(tally.result.counts.sets.recovered).toBeGreaterThan(0)
    },
    LONG_MS,
  )
})

describe('a sabotage', () => {
  it.each(SABOTAGES.map((sabotage) => [sabotage.name, sabotage] as const))('%s: takes one thing away', (_, sabotage) => {
    const text = readFileSync(path.join(import.meta.dirname, '../..', sabotage.file), 'utf8')
    expect(sabotaged(sabotage, text)).not.toBe(text)
  })
})
