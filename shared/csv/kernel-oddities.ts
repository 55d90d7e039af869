/** What was odd in the lines that the kernel has just read? It says that there may be something; what and where is asked only then. */
import type { Dialect } from './dialect.ts'
import type { Kernel } from './kernel-memory.ts'
import type { WarningCode } from './scanner.ts'
import type { Place, WarningTally } from './warning-tally.ts'

/** The bytes [from, to) that one call of `index` found lines in, and what the scan had counted before them. */
export interface Stretch {
  readonly from: number
  readonly to: number
  /** Byte offset in the file of the input's first byte. */
  readonly base: number
  /** The first record of the stretch, as a number within the batch. */
  readonly firstRecord: number
  readonly recordsBefore: number
  readonly linesBefore: number
}

const NUL = '\0'

/** The record of the batch in which the byte at `at` lies, or the last that begins before it. */
const recordAt = ({ exports, map, words }: Kernel, firstRecord: number, at: number): number => {
  const starts = map.starts >>> 2
  let low = firstRecord
  for (let high = exports.records.value; high - low > 1; ) {
    const middle = (low + high) >>> 1
    if (words[starts + middle]! <= at) low = middle
    else high = middle
  }
  return low
}

const placeOf = (kernel: Kernel, newline: number, stretch: Stretch, at: number): Place => {
  const { from, base, firstRecord, recordsBefore, linesBefore } = stretch
  const input = kernel.map.input
  let breaks = 0
  for (let i = from; i < at; i++) if (kernel.bytes[input + i] === newline) breaks++
  return {
    record: recordsBefore + recordAt(kernel, firstRecord, at) - firstRecord + 1,
    line: linesBefore + breaks + 1,
    byteOffset: base + at,
  }
}

/** Adds the warnings of a stretch to the tally. */
export const noteOddities = (kernel: Kernel, dialect: Dialect, stretch: Stretch, tally: WarningTally): void => {
  const { exports, map, words } = kernel
  const isCr = dialect.newline === 'cr'
  if (exports.strays.value + exports.hasNul.value === 0 && exports.isUtf8.value === 1 && !isCr) return
  const note = (code: WarningCode, count: number, at: () => number) => {
    if (count > 0) tally.add(code, count, placeOf(kernel, isCr ? 13 : 10, stretch, at()))
  }
  const { firstRecord } = stretch
  note('stray_quote', exports.strays.value, () => exports.firstStray.value)
  if (exports.hasNul.value === 1 && dialect.quote !== NUL && dialect.delimiter !== NUL)
    note('nul_byte', exports.nulFields(firstRecord), () => exports.firstOdd.value)
  if (isCr) note('lf_in_cr_file', exports.lineFeeds(firstRecord), () => exports.firstOdd.value)
  if (exports.isUtf8.value === 0)
    note('invalid_utf8', exports.invalidRecords(firstRecord), () => words[(map.starts >>> 2) + exports.firstOdd.value]!)
}
