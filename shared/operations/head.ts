/**
 * The first few records of something, as they came, within a byte limit: a state that neighbours join from left to right.
 * Encoded: one byte (1: a record had to be left out for its bytes), then each record after its length in four bytes.
 */
import { concatBytes } from '../base/bytes.ts'
import { LIMITS } from '../base/limits.ts'

export interface Head {
  readonly records: Uint8Array[]
  bytes: number
  isTruncated: boolean
}

export const emptyHead = (): Head => ({ records: [], bytes: 0, isTruncated: false })

/** True once no further record can change the head. */
export const isFull = (head: Head, rows: number): boolean => head.isTruncated || head.records.length >= rows

/** Adds a record (it is kept, not copied) if it fits; the first that does not ends the head. */
export const addRecord = (head: Head, record: Uint8Array, rows: number): void => {
  if (isFull(head, rows)) return
  if (head.bytes + record.length > LIMITS.headBytesMax) {
    head.isTruncated = true
    return
  }
  head.records.push(record)
  head.bytes += record.length
}

/** Adds what the right neighbour found. */
export const addHead = (head: Head, right: Head, rows: number): void => {
  for (const record of right.records) addRecord(head, record, rows)
  if (right.isTruncated && !isFull(head, rows)) head.isTruncated = true
}

export const encodeHead = (head: Head): Uint8Array => {
  const pieces: Uint8Array[] = [Uint8Array.of(head.isTruncated ? 1 : 0)]
  for (const record of head.records) {
    const length = new Uint8Array(4)
    new DataView(length.buffer).setUint32(0, record.length)
    pieces.push(length, record)
  }
  return concatBytes(pieces)
}

export const decodeHead = (state: Uint8Array): Head => {
  const head = emptyHead()
  const view = new DataView(state.buffer, state.byteOffset, state.length)
  for (let at = 1; at < state.length; ) {
    const length = view.getUint32(at)
    head.records.push(state.slice(at + 4, at + 4 + length))
    head.bytes += length
    at += 4 + length
  }
  head.isTruncated = state[0] === 1
  return head
}
