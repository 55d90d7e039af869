/**
 * The kernel reads decimals as Number() does: cases where rounding is hard, the grammar of a cast, and random decimals by the thousand.
 * `DECIMALS=10000000 npx vitest run --project unit test/csv/decimal.test.ts` compares more of them; SEED repeats a run.
 */
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { castNumber } from '../../shared/filter/casts/number.ts'
import { testKernel } from '../support/kernel.ts'

const kernel = testKernel()
const COUNT = Number(process.env.DECIMALS ?? 200_000)
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)

const NO_NUMBER = 0
const ASK = 2

/** What the kernel makes of a text. */
const cast = (text: string): number | null | 'ask' => {
  const { length } = text
  for (let i = 0; i < length; i++) kernel.bytes[kernel.map.input + i] = text.charCodeAt(i)
  const found = kernel.exports.castDecimal(kernel.map.input, kernel.map.input + length)
  return found === NO_NUMBER ? null : found === ASK ? 'ask' : kernel.exports.number.value
}

/** Numerical Recipes' quick generator: a seed gives the same numbers everywhere. */
const makeRandom = (seed: number) => {
  let state = seed >>> 0
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('hard to round', () => {
  const texts = [
    ['half way between two doubles goes to the even one', '9007199254740993'],
    ['just above half way', '9007199254740993.001'],
    ['half way, to the odd side', '9007199254740995'],
    ['the least double', '4.9406564584124654e-324'],
    ['half of the least double', '2.4703282292062327e-324'],
    ['just above half of the least double', '2.4703282292062328e-324'],
    ['the greatest double below the normal ones', '2.2250738585072009e-308'],
    ['rounds up to the least normal double', '2.2250738585072011e-308'],
    ['the least normal double', '2.2250738585072014e-308'],
    ['the greatest double', '1.7976931348623157e308'],
    ['just below infinity', '1.7976931348623158e308'],
    ['infinite', '1.797693134862315808e308'],
    ['far beyond', '1e400'],
    ['far below', '1e-400'],
    ['an exponent that no word holds', '1e99999999999999999999'],
    ['zero with such an exponent', '0e99999999999999999999'],
    ['nineteen digits', '1234567890123456789'],
    ['twenty digits that do not matter', '12345678901234567890'],
    ['many digits behind the point', '0.1000000000000000055511151231257827'],
    ['zeros in front', '000000000000000000000000000000000000012.5'],
    ['zeros behind', '12.50000000000000000000000000000000000000'],
    ['a power of five that is exact', '4503599627370497.5'],
    ['the largest exact power of ten', '1e22'],
    ['the next', '1e23'],
    ['zero', '0.0'],
    ['fifteen digits and a point', '12345678.1234567'],
    ['sixteen digits and a point', '12345678.12345678'],
  ] as const
  it.each(texts)('%s: %s', (_, text) => {
    expect(cast(text)).toBe(Number(text))
    expect(cast(`-${text}`)).toBe(-Number(text))
  })
})

it('more than nineteen digits that lie half way are left to the host', () => {
  expect(cast('9007199254740993.00000000000000000000000001')).toBe('ask')
})

describe('the grammar is that of the cast', () => {
  const texts = [
    ...[
      ' 12',
      '12 ',
      '\t12\n',
      '\v\f12\r',
      '+5',
      '.5',
      '5.',
      '-.5',
      '1.e3',
      '1E3',
      '1e+3',
      '1e03',
      '00',
      '0012',
      '-0',
      '+-91',
      '123456789',
      '1234567890123456',
    ],
    ...[
      'nan',
      '-nan',
      'NaN',
      '+nan',
      'inf',
      '+inf',
      '-INF',
      'Infinity',
      '-infinity',
      '1e400',
      '1e-400',
      'nancy',
      'information',
      'ink',
      'nab',
      'infinite',
      'infinitx',
    ],
    ...[
      '',
      ' ',
      '-',
      '+',
      '.',
      '-.',
      '1e',
      '1e+',
      '.e3',
      '1e3.5',
      '0x10',
      '0b1',
      '1,000',
      '1 000',
      '$5',
      '5%',
      '(5)',
      'true',
      '1d',
      '--5',
      '-+5',
      '++5',
      '1.2.3',
      '1-2',
      '12a',
      'e5',
    ],
    ...['1234567.8x', '1_', '_1', '1__0', '1_.5', '2024-01-31', '12:30', ',5'],
  ]
  it.each(texts)('%j', (text) => {
    expect(cast(text)).toBe(castNumber(utf8(text)))
  })
  it.each(['1_000', '1_1e5_6', '.5_5', 'nan(x)', '-nan(1)'])('%j is a rarity, for the host', (text) => {
    expect(cast(text)).toBe('ask')
  })
})

describe('random decimals', () => {
  const random = makeRandom(SEED)
  const digits = (count: number): string => {
    let text = ''
    for (let i = 0; i < count; i++) text += random(10)
    return text
  }
  /** Doubles by their bits, written shortest or longer than needed, and a bit off; and digits of any length. */
  const bits = new DataView(new ArrayBuffer(8))
  const makers: readonly (() => string)[] = [
    () => digits(1 + random(22)),
    () => `${digits(random(12))}.${digits(1 + random(12))}`,
    () => `${digits(1 + random(3))}.${digits(random(20))}e${random(700) - 350}`,
    () => {
      bits.setUint32(0, random(2 ** 32))
      bits.setUint32(4, random(2 ** 32))
      const value = bits.getFloat64(0)
      return Number.isFinite(value) ? (random(2) === 0 ? String(value) : value.toExponential(14 + random(7))) : '0'
    },
    // Half way between two doubles, or beside it.
    () => String(BigInt(2 ** 53) * 2n ** BigInt(random(9)) + BigInt(random(4_000)) * 2n ** BigInt(random(9)) + BigInt(random(3))),
  ]
  it(`are read as Number() reads them (seed ${SEED})`, () => {
    let asked = 0
    for (let i = 0; i < COUNT; i++) {
      const text = makers[i % makers.length]!()
      const found = cast(text)
      if (found === 'ask') asked++
      else if (!Object.is(found, Number(text))) expect.unreachable(`${text}: ${found} instead of ${Number(text)} (seed ${SEED})`)
    }
    // Only what is longer than nineteen digits may be asked for, and of that little.
    expect(asked).toBeLessThan(COUNT / 100)
  }, 600_000)
})
