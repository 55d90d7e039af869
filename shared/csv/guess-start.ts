/**
 * Where does the first line of a chunk begin, as far as one can tell without what lies before it? The bytes around its border are read twice, as if they were outside quotes and as if they were
 * inside, and the reading that makes a better table wins. A guess is checked when chunks are joined (chunks.ts): a wrong one costs the chunk a second run.
 *
 * A reading begins one byte before the range, because that byte may be the line end that makes the range's first byte a line start. It is made by what is put in front: a delimiter (a field
 * begins, so that a quote here opens it) or a quote (a quoted field is open, so that one here closes it). Those two cover the middle of an unquoted field, a quote that is an ordinary
 * character, and both halves of a doubled quote too: what comes after the byte is the same.
 */
import { concatBytes } from '../base/bytes.ts'
import type { ByteSpan, ChunkStart } from './chunks.ts'
import type { Dialect } from './dialect.ts'
import { makeNaiveScanner } from './naive.ts'
import { fieldCount } from './record-batch.ts'
import type { Scanner, ScanOptions } from './scanner.ts'

/** What a guess looks at: at most `guessBytes` from the byte before the range on. The range begins behind the first byte of the input. */
export const guessWindow = ({ start }: ByteSpan, size: number, guessBytes: number): ByteSpan => ({
  start: start - 1,
  end: Math.min(size, start - 1 + guessBytes),
})

export interface GuessOptions {
  readonly dialect: Dialect
  /** How many fields a record should have. */
  readonly columns: number
  readonly recordBytesMax: number
}

/** The first line start in the range, as the better reading of `window` (the bytes of guessWindow) has it; null: it has none there. */
export const guessStart = (window: Uint8Array, range: ByteSpan, options: GuessOptions): ChunkStart | null => {
  const { delimiter, quote } = options.dialect
  const outside = readAs(delimiter, window, range.start, options)
  const inside = quote === null ? null : readAs(quote, window, range.start, options)
  const { start } = inside !== null && inside.oddities < outside.oddities ? inside : outside
  return start === null || start >= range.end ? null : { at: start, skips: false }
}

interface Reading {
  /** The first line start that is known; null: there is none in the window. */
  readonly start: number | null
  /** Quotes that are ordinary characters, quotes that do not close, and records with too few or too many fields. */
  readonly oddities: number
}

/** The window with `prefix` in front. The line that goes on from before the range has no width worth counting, nor has the last one, which the window cuts off. */
const readAs = (prefix: string, window: Uint8Array, rangeStart: number, { dialect, columns, recordBytesMax }: GuessOptions): Reading => {
  const from = rangeStart - 1 - prefix.length
  const bytes = concatBytes([Uint8Array.from(prefix, (c) => c.charCodeAt(0)), window])
  const options = { dialect: { ...dialect, bom: false }, recordBytesMax, columns }
  const before = makeNaiveScanner({ ...options, start: from, end: rangeStart })
  before.push(bytes)
  if (!before.done) return { start: null, oddities: oddQuotes(before) }
  const start = before.next
  const quotes = oddQuotes(before)
  const { wrong, scanner } = countWrong(bytes.subarray(start - from), { ...options, start, end: Number.POSITIVE_INFINITY }, columns)
  return { start, oddities: quotes + wrong + oddQuotes(scanner) }
}

const countWrong = (bytes: Uint8Array, options: ScanOptions, columns: number): { wrong: number; scanner: Scanner } => {
  const scanner = makeNaiveScanner(options)
  const batch = scanner.push(bytes)
  let wrong = batch.rejects.length
  for (let r = 0; r < batch.count; r++) if (fieldCount(batch, r) !== columns) wrong++
  return { wrong, scanner }
}

/** Of all that was pushed, the line at its end included. */
const oddQuotes = (scanner: Scanner): number => {
  scanner.finish()
  return scanner.warnings.reduce((sum, { code, count }) => sum + (code === 'stray_quote' || code === 'unclosed_quote' ? count : 0), 0)
}
