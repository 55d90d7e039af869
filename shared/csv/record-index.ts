/**
 * Where do the records found so far lie? Growing arrays of offsets into a scanner's buffer, filled line by line.
 * The fields of the line being read stay behind the finished ones until it ends, is read again or is dropped. The arrays never shrink: memory is that of the busiest block.
 */
import type { RecordBatch } from './record-batch.ts'

/** The first records make room for so many, because a scan may be as short as one line; a busy one doubles it a few times. */
const RECORDS = 32
const FIELDS = 8 * RECORDS

const NONE = new Uint32Array(0)
const ZERO = new Uint32Array(1)

const grown = (array: Uint32Array<ArrayBuffer>, least: number): Uint32Array<ArrayBuffer> => {
  const larger = new Uint32Array(Math.max(least, array.length * 2))
  larger.set(array)
  return larger
}

export class RecordIndex {
  count = 0
  /** Fields of all finished records: where those of the line being read begin. */
  lineField = 0
  /** Fields ended so far, those of the line being read included. */
  fieldCount = 0
  fieldEnds = NONE
  #starts = NONE
  #ends = NONE
  #firstFields = ZERO
  readonly #delimiterBytes: number

  constructor(delimiterBytes: number) {
    this.#delimiterBytes = delimiterBytes
  }

  endField(at: number): void {
    if (this.fieldCount === this.fieldEnds.length) this.fieldEnds = grown(this.fieldEnds, FIELDS)
    this.fieldEnds[this.fieldCount++] = at
  }

  /** The line being read is a record from `start` to just past its line end. */
  endRecord(start: number, end: number): void {
    if (this.count === this.#starts.length) this.#grow()
    this.#starts[this.count] = start
    this.#ends[this.count] = end
    this.#firstFields[++this.count] = this.fieldCount
    this.lineField = this.fieldCount
  }

  /** Forgets the fields of the line being read. */
  dropLine(): void {
    this.fieldCount = this.lineField
  }

  /** Forgets all finished records; the line being read moves to the front, `shift` bytes down. */
  startBatch(shift: number): void {
    const open = this.fieldCount - this.lineField
    for (let i = 0; i < open; i++) this.fieldEnds[i] = this.fieldEnds[this.lineField + i]! - shift
    this.count = 0
    this.lineField = 0
    this.fieldCount = open
  }

  /** Where the field being read begins, in a line that begins at `lineStart`. */
  openFieldStart(lineStart: number): number {
    return this.fieldCount === this.lineField ? lineStart : this.fieldEnds[this.fieldCount - 1]! + this.#delimiterBytes
  }

  views(): Pick<RecordBatch, 'count' | 'starts' | 'ends' | 'firstFields' | 'fieldEnds' | 'delimiterBytes'> {
    return {
      count: this.count,
      starts: this.#starts.subarray(0, this.count),
      ends: this.#ends.subarray(0, this.count),
      firstFields: this.#firstFields.subarray(0, this.count + 1),
      fieldEnds: this.fieldEnds.subarray(0, this.lineField),
      delimiterBytes: this.#delimiterBytes,
    }
  }

  #grow(): void {
    this.#starts = grown(this.#starts, RECORDS)
    this.#ends = grown(this.#ends, RECORDS)
    const firstFields = new Uint32Array(this.#starts.length + 1)
    firstFields.set(this.#firstFields)
    this.#firstFields = firstFields
  }
}
