/** Bytes that look like CSV from afar: what has a meaning in the dialect comes often, in any order. */
import type { Dialect } from '../../shared/csv/dialect.ts'
import type { Random } from '../support/random.ts'
import { dialectWith } from '../support/scan.ts'

const DELIMITERS = [',', ',', ',', ';', '\t', '|', ' ', '\0', 'z', '||', ',b,']
const QUOTES = ['"', '"', '"', '"', "'", '\0', null]

export const randomDialect = (random: Random): Dialect => {
  const quote = random.pick(QUOTES)
  const newline = random.oneIn(4) ? 'cr' : 'lf'
  return dialectWith({
    delimiter: random.pick(DELIMITERS.filter((one) => one !== quote)),
    quote,
    escape: quote === null || random.oneIn(8) ? null : random.oneIn(5) ? '\\' : quote,
    comment: random.oneIn(8) ? '#' : null,
    newline,
    lineEnd: newline === 'lf' ? '\n' : '\r',
  })
}

/** Kinds of bytes, and how often each may come: one of the weights, drawn anew for every case. */
const kindsOf = ({
  delimiter,
  quote,
  escape: escaper,
}: Dialect): readonly (readonly [bytes: readonly number[], weights: readonly number[]])[] => [
  [
    [0x61, 0x62, 0x31, 0x2e],
    [5, 40, 160],
  ],
  [[delimiter.charCodeAt(0)], [2, 20, 60]],
  [[quote === null ? 0x22 : quote.charCodeAt(0)], [0, 1, 10, 40, 120]],
  [[escaper === null ? 0x5c : escaper.charCodeAt(0)], [0, 2, 20]],
  [[0x0a], [1, 6, 30]],
  [[0x0d], [0, 2, 30]],
  [
    [0x20, 0x2c, 0x3b, 0x27, 0x23],
    [0, 6],
  ],
  [[0x00], [0, 0, 3]],
  [
    [0x80, 0xa9, 0xc3, 0xe2, 0xf0, 0xff],
    [0, 0, 6, 40],
  ],
]

const TABLE_SIZE = 256

/** A byte for each draw of eight bits. */
export const noiseTable = (random: Random, dialect: Dialect): Uint8Array => {
  const weighted = kindsOf(dialect).map(([bytes, weights]) => [bytes, random.pick(weights)] as const)
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0)
  const table: number[] = []
  for (const [bytes, weight] of weighted)
    for (let i = Math.ceil((weight * TABLE_SIZE) / total); i > 0; i--) table.push(bytes[i % bytes.length]!)
  return Uint8Array.from({ length: TABLE_SIZE }, (_, i) => table[i % table.length]!)
}

/** Fills `bytes` with noise. */
export const fillNoise = (random: Random, table: Uint8Array, bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; ) {
    const bits = random.bits()
    for (let shift = 0; shift < 32 && at < bytes.length; shift += 8) bytes[at++] = table[(bits >>> shift) & 0xff]!
  }
}

/** Pieces of real CSV in this dialect, where pure noise rarely gets: whole quoted fields, blank lines, strays. */
const phrasesOf = ({ delimiter, quote, escape: escaper }: Dialect): readonly string[] => {
  const q = quote ?? '"'
  const e = escaper ?? q
  const d = delimiter
  return [
    `${q}a${e}${q}b${q}`,
    `${q}${d}\n${q}`,
    `${q}\r\n${q}${d}`,
    `${q}${q}`,
    `a${q}b`,
    ` ${q}`,
    `${d}${d}`,
    `${e}${q}`,
    '\r\n',
    '\n\n',
    '\n\r',
    '\n#',
    '\xc3\xa9',
    q,
  ]
}

/** At most `most` bytes of noise with some sense in it. */
export const noiseWithSense = (random: Random, dialect: Dialect, most: number): Uint8Array => {
  const bytes = new Uint8Array(random.few(most))
  fillNoise(random, noiseTable(random, dialect), bytes)
  const phrases = phrasesOf(dialect)
  for (let i = random.few(bytes.length >> 2); i > 0; i--) {
    const phrase = Uint8Array.from(random.pick(phrases), (c) => c.charCodeAt(0))
    bytes.set(phrase.subarray(0, bytes.length), random.below(Math.max(1, bytes.length - phrase.length)))
  }
  return bytes
}
