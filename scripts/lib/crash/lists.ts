/** Which lists do the jobs of a crash run work on? Kinds that are hard to cut into chunks; each once small (one chunk) and once large (many). The same seed makes the same bytes. */
import { SHAPES, type Shape } from '../bench/shapes.ts'
import type { Ask } from '../oracle.ts'
import { between, chance, type Draw, pick, seeded } from '../seeded.ts'

export interface Kind extends Pick<Shape, 'header' | 'row'> {
  /** The size of the large one, as a share of the largest. */
  readonly share: number
  readonly asks: readonly Ask[]
}

const filter = (spec: Ask['spec']): Ask => ({ operation: 'filter', spec })
const count = (where: string): Ask => ({ operation: 'count', spec: { where, head: 5 } })
const ANALYSE: Ask = { operation: 'analyse', spec: {} }

/** A row with a field too many or too few, one time in ten. */
const raggedRow = (draw: Draw, number: number): string => {
  const row = SHAPES.clean.row(draw, number)
  return chance(draw, 0.9) ? row : chance(draw, 0.5) ? row.replace(/,[^,\n]*\n$/, '\n') : row.replace('\n', ',more\n')
}

const MIB = 1024 * 1024

/** Lines over the record limit, of which each covers several chunks; some begin with a quote that never closes. */
const longRow = (draw: Draw, number: number): string => {
  if (!chance(draw, 0.0005)) return `${number},"${'a line,\n'.repeat(between(draw, 0, 20))}"\n`
  return `${number},${chance(draw, 0.5) ? '"' : ''}${pick(draw, ['x', 'y'])}${'z'.repeat(MIB + between(draw, 0, MIB))}\n`
}

export const KINDS: Readonly<Record<string, Kind>> = {
  clean: {
    ...SHAPES.clean,
    share: 1,
    asks: [
      filter({ where: 'age > 5' }),
      filter({ where: "state = 'NY'", columns: ['name', 'age'] }),
      filter({ where: 'age > 60', offset: 1_000, limit: 30_000 }),
      ANALYSE,
      count('amount > 5000'),
    ],
  },
  quoted: {
    ...SHAPES.quoted,
    share: 0.5,
    asks: [filter({ where: 'age <= 95' }), filter({ where: "plan = 'pro'", format: 'ndjson' }), count("state = 'CA'"), ANALYSE],
  },
  stray: { ...SHAPES.stray, share: 0.2, asks: [filter({ where: 'age > 50' }), ANALYSE] },
  /** Every border looks right from both sides, but for whoever comes from the left. */
  twisted: {
    header: 'a,b\n',
    row: (draw) => (chance(draw, 0.001) ? 'x,y\n' : '"a,\n",b\n'),
    share: 0.1,
    asks: [filter({ where: "b = 'b'" }), count("a = 'x'")],
  },
  ragged: {
    header: SHAPES.clean.header,
    row: raggedRow,
    share: 0.3,
    asks: [filter({ where: 'age > 20', ragged: 'reject' }), filter({ where: 'age > 90', ragged: 'reject' }), ANALYSE],
  },
  long: { header: 'id,text\n', row: longRow, share: 0.4, asks: [filter({ where: 'id % 2 = 0' }), filter({ columns: ['id'] })] },
}

/** The bytes of a list of at least so many bytes. */
export const makeList = (kind: string, bytes: number, seed: number): Buffer => {
  const { header, row } = KINDS[kind]!
  const draw = seeded(seed)
  const rows = [header]
  for (let size = header.length, number = 1; size < bytes; number++) {
    const next = row(draw, number)
    rows.push(next)
    size += next.length
  }
  return Buffer.from(rows.join(''))
}
