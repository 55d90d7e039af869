/**
 * Which dialect is it? A sample of the first bytes in, a dialect with its columns out, or the reason why this is no CSV.
 * Everything is guessed from the first LIMITS.sniffBytes; only a longer header record needs more. Equal bytes and hints give equal answers.
 */
import { LIMITS } from '../../base/limits.ts'
import { isGzip } from '../decode/gzip.ts'
import { decodedSample } from '../decode/text-decoding.ts'
import { DEFAULT_DIALECT, type Dialect } from '../dialect.ts'
import { recordTexts } from '../field.ts'
import { columnNames, numberedColumns } from '../header.ts'
import { fieldCount } from '../record-batch.ts'
import { encodingOf } from './encoding.ts'
import { hasHeader } from './header.ts'
import { type DialectHints, hintsProblem } from './hints.ts'
import { otherKind, plainlyBinary } from './magic.ts'
import type { SniffProblem } from './problem.ts'
import { bestTrial, scannerOf, type Trial } from './trial.ts'

export type { DialectHints } from './hints.ts'

export type Sniffed =
  | {
      readonly ok: true
      readonly dialect: Dialect
      /** Unique, never empty. */
      readonly columns: readonly string[]
      /** Sentences for the user: renamed headers and the like. */
      readonly notes: readonly string[]
    }
  | {
      readonly ok: false
      readonly problem: SniffProblem
      /** True: the first record goes on past the sample. Sniff again with HEADER_SAMPLE_BYTES of the file (or all of it); until then `problem` is what to say. */
      readonly needMore?: boolean
    }

/** A sample of this size always decides: the longest record, the BOM before it and one byte after it. */
export const HEADER_SAMPLE_BYTES = LIMITS.recordBytesMax + 4

const BOM_BYTES = 3
/** How many bytes of a file a second, longer look reads: text may lose half of them when it is decoded. */
export const SECOND_LOOK_BYTES = 2 * HEADER_SAMPLE_BYTES

const isBlank = (sample: Uint8Array): boolean => sample.every((byte) => byte === 10 || byte === 13)
const refuse = (problem: SniffProblem): Sniffed => ({ ok: false, problem })
const PACKED: SniffProblem = { code: 'encoding_unsupported', detail: 'The bytes are compressed with gzip and were not unpacked.' }
const PACKED_TWICE: SniffProblem = {
  code: 'encoding_unsupported',
  detail: 'The file is compressed with gzip twice. Unpack it once and try again.',
}
const EMPTY: SniffProblem = { code: 'file_empty', detail: 'The file holds no record. Hand over a file with at least a header line.' }

/** What was done to the sample before it came here. */
export interface Unpacked {
  readonly gzip: boolean
}

/**
 * Learns the dialect from the file's first bytes. `sample`: LIMITS.sniffBytes from offset 0, or the whole file if it is shorter (more where `needMore` asked for it); unpacked, if the
 * file is packed. `isWhole`: the sample is the whole file. A text in another encoding is decoded here.
 * Problems: file_empty, not_csv, encoding_unsupported, encoding_unknown, dialect_invalid (also: the first record does not end within LIMITS.recordBytesMax), too_many_columns.
 */
export const sniff = (sample: Uint8Array, isWhole: boolean, hints: DialectHints, { gzip }: Unpacked = { gzip: false }): Sniffed => {
  const wrongHint = hintsProblem(hints)
  if (wrongHint) return refuse(wrongHint)
  if (isGzip(sample)) return refuse(gzip ? PACKED_TWICE : PACKED)
  const head = sample.subarray(0, LIMITS.sniffBytes)
  const isHeadWhole = isWhole && head.length === sample.length
  const other = otherKind(head, isHeadWhole)
  if (other) return refuse(other)
  const found = encodingOf(head, isHeadWhole, hints.encoding)
  if (!found.ok) return refuse(found.problem)
  const decodedFrom = gzip || found.decode !== null ? { gzip, encoding: found.decode } : null
  const base = { ...DEFAULT_DIALECT, encoding: found.encoding, bom: found.bom, decodedFrom, comment: hints.comment ?? null }
  if (found.decode === null) return sniffText(sample, isWhole, base, hints)
  const decoded = decodedSample(sample, isWhole, found.decode)
  const hidden = otherKind(decoded.subarray(0, LIMITS.sniffBytes), isWhole && decoded.length <= LIMITS.sniffBytes)
  return hidden ? refuse(hidden) : sniffText(decoded, isWhole, base, hints)
}

/** Learns the rest of the dialect from bytes as they are scanned. `base`: what is known already. */
const sniffText = (all: Uint8Array, isAll: boolean, base: Dialect, hints: DialectHints): Sniffed => {
  const sample = all.subarray(0, HEADER_SAMPLE_BYTES)
  const isWhole = isAll && sample.length === all.length
  const bomEnd = base.bom ? BOM_BYTES : 0
  if (isWhole && isBlank(sample.subarray(bomEnd))) return refuse(EMPTY)
  const head = sample.subarray(0, LIMITS.sniffBytes)
  const binary = plainlyBinary(head.subarray(bomEnd), hints.delimiter)
  if (binary) return refuse(binary)
  return describe(sample, isWhole, bestTrial({ head, isWhole: isWhole && head.length === sample.length, hints, base }), hints)
}

/** Reads the first record for good, from as much as was handed over, and says what the columns are. */
const describe = (sample: Uint8Array, isWhole: boolean, { dialect, records }: Trial, hints: DialectHints): Sniffed => {
  const scanner = scannerOf(dialect)
  let batch = scanner.push(sample)
  if (isWhole && batch.count === 0 && batch.rejects.length === 0) batch = scanner.finish()
  if (isWhole && batch.count === 0 && batch.rejects.length === 0) return refuse(EMPTY)
  if (batch.rejects[0]?.before === 0 || batch.count === 0) return noFirstRecord(sample, isWhole, batch.rejects.length > 0)
  const width = fieldCount(batch, 0)
  if (width > LIMITS.columnsMax)
    return refuse({
      code: 'too_many_columns',
      detail: `The first record has ${width} fields; a file may have ${LIMITS.columnsMax} columns.`,
    })
  const header = hints.header ?? hasHeader(records)
  const bomEnd = dialect.bom ? BOM_BYTES : 0
  const headerEnd = header ? batch.base + batch.ends[0]! : bomEnd
  const { names, notes } = header ? columnNames(recordTexts(batch, 0, dialect)) : { names: numberedColumns(width), notes: NO_HEADER }
  return {
    ok: true,
    dialect: { ...dialect, header, headerEnd },
    columns: names,
    notes: [...notes, ...dialectNotes(dialect)],
  }
}

const NO_HEADER = ['The first line looks like data, so the columns are called column1, column2 and so on.']
const NOT_UTF8 = 'The file is not UTF-8: its bytes are kept as they are, and texts may show replacement characters.'

const dialectNotes = ({ quote, escape: escaper, comment, encoding, decodedFrom }: Dialect): string[] => [
  ...(comment === null ? [] : [`Lines that begin with ${comment} are comments and no rows.`]),
  ...(escaper === null || escaper === quote ? [] : [`A ${escaper} makes plain data of the character after it.`]),
  ...(encoding === 'utf-8' ? [] : [NOT_UTF8]),
  ...(decodedFrom?.gzip ? ['The file is compressed with gzip: results are not, and byte offsets count unpacked bytes.'] : []),
  ...(decodedFrom?.encoding
    ? [`The file is read as ${decodedFrom.encoding}: results are UTF-8 without a byte order mark, and byte offsets count UTF-8.`]
    : []),
]

const noFirstRecord = (sample: Uint8Array, isWhole: boolean, isTooLong: boolean): Sniffed => ({
  ok: false,
  needMore: !isWhole && !isTooLong && sample.length < HEADER_SAMPLE_BYTES,
  problem: {
    code: 'dialect_invalid',
    detail: `The first record does not end within ${LIMITS.recordBytesMax} bytes. Check the quote and the line ends, or say what they are.`,
  },
})
