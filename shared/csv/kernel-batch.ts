/** The records that lie in a kernel, as every reader of a batch wants them, and the way in for a record that was found by other means. */
import type { Kernel } from './kernel-memory.ts'
import type { RecordBatch } from './record-batch.ts'
import { type Selection, selectionWords } from './selection.ts'

type Views = Pick<RecordBatch, 'count' | 'starts' | 'ends' | 'firstFields' | 'fieldEnds' | 'kernel'>

/** The records found since beginBatch: views into the kernel's memory. */
export const recordViews = (kernel: Kernel): Views => {
  const { exports, map, words } = kernel
  const count = exports.records.value
  const view = (address: number, length: number) => words.subarray(address >>> 2, (address >>> 2) + length)
  return {
    count,
    starts: view(map.starts, count),
    ends: view(map.ends, count),
    firstFields: view(map.firstFields, count + 1),
    fieldEnds: view(map.fieldEnds, exports.fields.value),
    kernel,
  }
}

/** Puts record `r` of the twin's batch behind the kernel's own, its bytes where they belong. `base`: byte offset in the file of the kernel's input. */
export const adoptRecord = ({ exports, map, bytes, words }: Kernel, base: number, batch: RecordBatch, r: number): void => {
  const shift = batch.base - base
  const [start, end] = [batch.starts[r]!, batch.ends[r]!]
  bytes.set(batch.bytes.subarray(start, end), map.input + start + shift)
  const [first, beyond] = [batch.firstFields[r]!, batch.firstFields[r + 1]!]
  const to = (map.fieldEnds >>> 2) + exports.fields.value
  for (let f = first; f < beyond; f++) words[to + f - first] = batch.fieldEnds[f]! + shift
  exports.addRecord(start + shift, end + shift, beyond - first)
}

/** The bytes of the selected records of the batch that lies in the kernel, one behind the other. They hold until the next batch. */
export const gatherSelected = (kernel: Kernel, selected: Selection, count: number): Uint8Array => {
  const { exports, map, bytes, words } = kernel
  let address = selected.byteOffset
  if (selected.buffer !== words.buffer) {
    address = map.bitmaps
    words.set(selected.subarray(0, selectionWords(count)), address >>> 2)
  }
  const length = exports.gather(address)
  return bytes.subarray(map.output, map.output + length)
}
