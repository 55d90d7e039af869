/** Every parser of numbers against Number(), which rounds correctly: random decimals, also those that lie on the border between two doubles. */
import { utf8 } from '../../shared/base/bytes.ts'
import { castNumber } from '../../shared/filter/casts/number.ts'
import type { Random } from '../support/random.ts'
import { type AnyTarget, define, type Failure, json } from './target.ts'

type ParseNumber = (bytes: Uint8Array) => number | null

/** A new parser is put here, and all texts judge it too. */
export const PARSERS: Readonly<Record<string, ParseNumber>> = { castNumber }

/** Texts a case: making a case has its price. */
const TEXTS = 100

const digits = (random: Random, count: number): string => random.times(count, () => random.below(10)).join('')
const sign = (random: Random): string => random.pick(['', '', '', '-', '+'])
const exponent = (random: Random, most: number): string => `${random.pick(['e', 'E'])}${sign(random)}${random.below(most)}`

/** Any double at all, by its bits; infinite ones and NaN as 1. */
const anyDouble = (random: Random): number => {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint32(0, random.bits())
  view.setUint32(4, random.bits())
  const value = view.getFloat64(0)
  return Number.isFinite(value) ? value : 1
}

/** The exact decimal half way between a whole double of 2^53 or more and the next one, now and then a little off. */
const halfway = (random: Random): string => {
  const power = random.between(1, 60)
  const mantissa = 2n ** 52n + BigInt(random.below(2 ** 26)) * 2n ** 26n + BigInt(random.below(2 ** 26))
  const middle = (mantissa * 2n + 1n) * 2n ** BigInt(power - 1)
  return random.oneIn(2) ? `${middle}` : `${middle}${random.pick(['.0', '.5', '.0000000000000000000001', 'e0'])}`
}

const KINDS: readonly ((random: Random) => string)[] = [
  (random) => sign(random) + digits(random, random.between(1, 6)),
  (random) => `${sign(random)}${digits(random, random.below(8))}.${digits(random, random.between(1, 8))}`,
  (random) => `${sign(random)}${digits(random, random.between(14, 22))}`,
  (random) => `${digits(random, random.between(1, 20))}.${digits(random, random.between(1, 25))}`,
  (random) => `${digits(random, random.between(1, 20))}.${digits(random, random.below(20))}${exponent(random, 340)}`,
  (random) => `.${'0'.repeat(random.below(30))}${digits(random, random.between(1, 20))}${random.oneIn(2) ? exponent(random, 30) : ''}`,
  (random) => String(anyDouble(random)),
  (random) => anyDouble(random).toExponential(random.between(14, 30)),
  halfway,
  (random) => random.times(random.between(1, 10), () => random.pick([...'0123456789', '.', '-', '+', 'e', 'E'])).join(''),
]

const BLANKS = ['', '', '', '', ' ', '\t', '  ', '\n']
const randomText = (random: Random): string => random.pick(BLANKS) + random.pick(KINDS)(random) + random.pick(BLANKS)

/** What DuckDB says to texts of digits, signs, dots and e: Number's answer, but `+-5` is -5. */
const meant = (text: string): number | null => {
  const value = Number(text.trim().replace(/^\+-/, '-'))
  return text.trim() === '' || Number.isNaN(value) ? null : value
}

const check = (parsers: Readonly<Record<string, ParseNumber>>, texts: readonly string[]): Failure | null => {
  for (const text of texts) {
    const expected = meant(text)
    for (const [name, parse] of Object.entries(parsers)) {
      const actual = parse(utf8(text))
      if (!Object.is(actual, expected)) return { what: `Number() and ${name} on ${JSON.stringify(text)}`, expected, actual }
    }
  }
  return null
}

function* smaller(texts: readonly string[]): Generator<readonly string[]> {
  if (texts.length > 1) for (const text of texts) yield [text]
}

export const numbersTarget = (parsers: Readonly<Record<string, ParseNumber>>): AnyTarget =>
  define<readonly string[]>({
    name: 'numbers',
    generate: (random) => random.times(TEXTS, () => randomText(random)),
    check: (texts) => check(parsers, texts),
    files: (texts) => ({ 'texts.json': json(texts) }),
    smaller,
  })
