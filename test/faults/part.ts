/** A part of the proof, as a process of its own: `node test/faults/part.ts JSON`. Says on stderr what fails, and on stdout what it came to, as one line of JSON. */
import type { ScenarioName } from './scenario.ts'
import { rateOf, seeds, singles } from './suite.ts'
import { Tally } from './tally.ts'

export type Part =
  | { readonly kind: 'seeds'; readonly first: number; readonly count: number }
  /** Every so-manieth call of a scenario's run, from `offset` on. */
  | { readonly kind: 'singles'; readonly scenario: ScenarioName; readonly each: number; readonly offset: number }

const run = async (part: Part): Promise<Tally> => {
  const tally = new Tally((line) => process.stderr.write(`${line}\n`))
  if (part.kind === 'seeds') for await (const done of seeds(part.first, part.count)) tally.add(done, rateOf(done.one.options.seed))
  else for await (const done of singles(part.scenario, part.each, part.offset)) tally.add(done)
  return tally
}

if (process.argv[1] === import.meta.filename) {
  const tally = await run(JSON.parse(process.argv[2] ?? '{}') as Part)
  process.stdout.write(`${JSON.stringify(tally.result)}\n`)
}
