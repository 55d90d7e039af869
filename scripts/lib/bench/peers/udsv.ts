/**
 * uDSV: fed with the stream's texts one after the other, rows as arrays of strings (its own format, the fastest). It has no writer: rows are joined here, and looked at
 * for what must be quoted only where the text has quotes at all.
 */
import type { Contender, List, Outcome, Task } from '../contender.ts'
import { type Scenario, scenarioOf } from '../scenarios.ts'
import { loadPackage, missingPackage } from './packages.ts'
import { keepsOf, textFile, textOf } from './readers.ts'

type Take = (cells: string[]) => void
interface Parser {
  stringArrs(text: string, take?: Take): string[][]
  chunk(text: string, parse: Parser['stringArrs'], take: Take): void
  end(): void
}
interface Udsv {
  inferSchema(text: string, options: { col: string; row: string }): object
  initParser(schema: object): Parser
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`

/** How a row is written: joined as it is, quoted where it must be, or quoted throughout. */
const joiner = (delimiter: string, isQuoted: boolean, hasQuotes: () => boolean): ((cells: string[]) => string) => {
  const special = new RegExp(`["\\n\\r${delimiter}]`)
  const cell = isQuoted ? quoted : (text: string): string => (special.test(text) ? quoted(text) : text)
  return (cells) => (isQuoted || hasQuotes() ? cells.map(cell).join(delimiter) : cells.join(delimiter))
}

const runOnce = async ({ inferSchema, initParser }: Udsv, scenario: Scenario, list: List, out: string): Promise<Outcome> => {
  const { delimiter } = list.dialect
  const keeps = keepsOf(scenario, list)
  const file = textFile(out)
  let hasQuotes = false
  const join = joiner(delimiter, scenario.isQuoted ?? false, () => hasQuotes)
  const isWriting = scenario.operation === 'filter'
  let rows = 0
  const take: Take = (cells) => {
    if (!keeps(cells)) return
    rows++
    if (isWriting) file.write(`${join(cells)}\n`)
  }
  if (isWriting) file.write(list.header)
  let parser: Parser | null = null
  for await (const text of textOf(list) as AsyncIterable<string>) {
    hasQuotes ||= text.includes('"')
    parser ??= initParser(inferSchema(text, { col: delimiter, row: '\n' }))
    parser.chunk(text, parser.stringArrs, take)
  }
  parser?.end()
  file.close()
  return { rows }
}

export const UDSV: Contender = {
  name: 'udsv',
  about: 'uDSV in chunks, arrays of strings',
  cores: 'one',
  missing: () => missingPackage('udsv'),
  prepare: async ({ scenario, list }: Task) => {
    const udsv = loadPackage<Udsv>('udsv')
    return { run: (out) => runOnce(udsv, scenarioOf(scenario), list, out) }
  },
}
