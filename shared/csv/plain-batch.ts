/**
 * The same records with their fields written out: no quotes, no escapes, one byte between two fields. For readers that go over `fieldEnds` and raw bytes by themselves
 * (the profile) and therefore know one-byte delimiters and doubled quotes only. It is a copy of every cell, which only dialects pay for that are rare.
 *
 * Numbers, rejects and widths are those of the batch. Byte offsets are not: the bytes lie elsewhere, so lines must be counted in the batch itself.
 */
import { type Dialect, hasOwnEscape } from './dialect.ts'
import { fieldBytes } from './field.ts'
import { fieldCount, type RecordBatch } from './record-batch.ts'

/** True where fields cannot be read by one-byte delimiters and doubled quotes. */
export const needsPlain = (dialect: Dialect): boolean => dialect.delimiter.length > 1 || hasOwnEscape(dialect)

/** The dialect of a plain batch: nothing in it is quoted. */
export const plainDialect = (dialect: Dialect): Dialect => ({
  ...dialect,
  delimiter: dialect.delimiter.slice(0, 1),
  quote: null,
  escape: null,
})

export const plainBatch = (batch: RecordBatch, dialect: Dialect): RecordBatch => {
  const { count, firstFields } = batch
  const bytes = new Uint8Array(plainBytesMax(batch))
  const starts = new Uint32Array(count)
  const ends = new Uint32Array(count)
  const fieldEnds = new Uint32Array(firstFields[count]!)
  let at = 0
  for (let r = 0; r < count; r++) {
    starts[r] = at
    for (let f = 0; f < fieldCount(batch, r); f++) {
      const content = fieldBytes(batch, r, f, dialect)
      bytes.set(content, at)
      at += content.length
      fieldEnds[firstFields[r]! + f] = at++
    }
    ends[r] = at
  }
  return { ...batch, bytes, starts, ends, fieldEnds, delimiterBytes: 1 }
}

/** Unquoting never makes a field longer, and every field needs one byte more. */
const plainBytesMax = ({ starts, ends, firstFields, count }: RecordBatch): number =>
  count === 0 ? 0 : ends[count - 1]! - starts[0]! + firstFields[count]! - firstFields[0]!
