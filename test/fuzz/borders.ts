/**
 * Numbers on the border between two doubles, compared with the double beside it: every way to evaluate must take each text for the double that Number() takes it for.
 * A column of such texts against one literal, because a parser inside the kernel answers nothing but comparisons.
 */
import { utf8 } from '../../shared/base/bytes.ts'
import type { MakeScanner } from '../../shared/csv/scanner.ts'
import { filterOf } from '../filter/table.ts'
import type { Random } from '../support/random.ts'
import { type Evaluators, keptBy, type Scanners } from './filters.ts'
import { type AnyTarget, define, type Failure, json } from './target.ts'

interface BorderCase {
  readonly texts: readonly string[]
  readonly literal: string
}

const TEXTS = 40
const MANTISSA_BITS = 52n
const OPERATORS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
}

/** mantissa * 2^exponent as an exact decimal. */
const exactDecimal = (mantissa: bigint, exponent: number): string => {
  if (exponent >= 0) return `${mantissa << BigInt(exponent)}`
  const places = -exponent
  const digits = `${mantissa * 5n ** BigInt(places)}`.padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** A hair more, a hair less, or as it is; digits are only appended and cut, so that a hair it is. */
const nudged = (random: Random, text: string): string => {
  const whole = text.includes('.') ? text : `${text}.0`
  if (random.oneIn(3)) return text
  return random.oneIn(2)
    ? `${whole}${'0'.repeat(random.below(4))}1`
    : whole.replace(/([1-9])(0*)$|0$/, (_, last) => (last ? `${last - 1}9` : '0'))
}

const inAnotherSpelling = (random: Random, text: string): string => {
  const way = random.below(4)
  if (way === 0) return `+${text}`
  if (way === 1) return `00${text}`
  if (way === 2) return ` ${text}e0`
  return text.includes('.') ? text : `${text}E+00`
}

/** Texts within a unit in the last place around mantissa * 2^exponent. */
const neighbour = (random: Random, mantissa: bigint, exponent: number): string => {
  const halves = 2n * mantissa + BigInt(random.between(-2, 2))
  const text = nudged(random, exactDecimal(halves, exponent - 1))
  return random.oneIn(3) ? inAnotherSpelling(random, text) : text
}

const randomCase = (random: Random): BorderCase => {
  const top = 1n << MANTISSA_BITS
  const mantissa = random.oneIn(5) ? top : top + (BigInt(random.bits()) << 20n) + BigInt(random.below(1 << 20))
  const exponent = random.oneIn(6) ? random.between(-300, 200) : random.between(-75, 12)
  const value = Number(mantissa) * 2 ** exponent
  return { texts: random.times(TEXTS, () => neighbour(random, mantissa, exponent)), literal: String(value) }
}

const checkOne = (evaluators: Evaluators, make: MakeScanner, scanner: string, { texts, literal }: BorderCase): Failure | null => {
  const bytes = utf8(texts.map((text) => `${text},x\n`).join(''))
  for (const [operator, holds] of Object.entries(OPERATORS)) {
    const filter = filterOf(`a ${operator} ${literal}`, ['a', 'b'])
    const expected = texts.flatMap((text, r) => (holds(Number(text), Number(literal)) ? [r] : []))
    for (const [name, compile] of Object.entries(evaluators)) {
      const actual = keptBy(compile, make, filter, bytes, bytes.length)
      const wrong = texts.filter((_, r) => expected.includes(r) !== actual.includes(r))
      if (wrong.length > 0)
        return { what: `Number() and ${name} over the ${scanner}'s batches: a ${operator} ${literal}`, expected, actual: wrong }
    }
  }
  return null
}

const check = (evaluators: Evaluators, scanners: Scanners, one: BorderCase): Failure | null => {
  for (const [scanner, make] of Object.entries(scanners)) {
    const failure = checkOne(evaluators, make, scanner, one)
    if (failure) return failure
  }
  return null
}

function* smaller({ texts, literal }: BorderCase): Generator<BorderCase> {
  if (texts.length > 1) for (const text of texts) yield { texts: [text], literal }
}

export const bordersTarget = (evaluators: Evaluators, scanners: Scanners): AnyTarget =>
  define<BorderCase>({
    name: 'borders',
    generate: randomCase,
    check: (one) => check(evaluators, scanners, one),
    files: (one) => ({ 'texts.json': json(one) }),
    smaller,
  })
