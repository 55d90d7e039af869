/**
 * What does one field say? Its bytes with quoting undone where there is any: the meaning is that of ../field.ts.
 * `from` and `to` are the answer, addresses that hold until the next field is read; nothing is copied unless a quote within the field has to go.
 */
import { isDoubled, quoteByte, width } from './dialect'
import { ends, fieldEnds, firstFields, input, scratch, starts } from './memory'
import { isRagged } from './records'

export let from: usize = 0
export let to: usize = 0

/** Set by `beginColumn`. */
let column: u32 = 0
let mark: u32 = 0

/** Where the next field that has to be copied is put. Room for a whole one lies behind it. */
export let copyAt: usize = 0

/** For whoever needs a copied field after others were read: the next one is put at `at`, at most SPARE_BYTES behind `scratch`. */
// @ts-ignore: decorator
@inline
export function copyNextTo(at: usize): void {
  copyAt = at
}

/** Says which column the following calls of readField read, counted from 0. */
export function beginColumn(index: u32): void {
  column = index
  mark = quoteByte()
  copyAt = scratch
}

/** Reads the column's field of record `r`. False: the record has no such field, or it is empty; then it is NULL. */
// @ts-ignore: decorator
@inline
export function readField(r: u32): bool {
  let field: u32
  if (!isRagged) field = r * width + column
  else {
    field = load<u32>(firstFields + (<usize>r << 2)) + column
    if (field >= load<u32>(firstFields + (<usize>r << 2), 4)) return false
  }
  const end = input + load<u32>(fieldEnds + (<usize>field << 2))
  const start = input + (column == 0 ? load<u32>(starts + (<usize>r << 2)) : load<u32>(fieldEnds + (<usize>field << 2) - 4) + 1)
  if (start >= end) return false
  from = start
  to = end
  if (<u32>load<u8>(start) != mark) return true
  return unquote(r)
}

/** Where `byte` stands first in [at, end), else `end`. Reads up to 15 bytes behind `end`. */
// @ts-ignore: decorator
@inline
function find(byte: u32, at: usize, end: usize): usize {
  const wanted = i8x16.splat(<u8>byte)
  for (; at < end; at += 16) {
    const hits = <u32>i8x16.bitmask(i8x16.eq(v128.load(at), wanted))
    if (hits != 0) {
      at += <usize>ctz(hits)
      return at < end ? at : end
    }
  }
  return end
}

/** [from, to) begins with a quote. False: nothing is left. */
function unquote(r: u32): bool {
  const begin = from + 1
  const end = to
  let at = find(mark, begin, end)
  if (at != end - 1) {
    if (isDoubled()) while (at + 1 < end && <u32>load<u8>(at + 1) == mark) at = find(mark, at + 2, end)
    const isClosed = at < end
    // At the end of the input the open quote just closes; elsewhere the scanner took it for an ordinary character.
    if (!isClosed && end != input + load<u32>(ends + (<usize>r << 2))) return true
    undo(begin, isClosed ? at : end, end)
    return from < to
  }
  from = begin
  to = at
  return from < to
}

/** Puts what [begin, close) means inside quotes, and what follows the closing quote, where copies go. */
function undo(begin: usize, close: usize, end: usize): void {
  let target = copyAt
  for (let at = begin; at < close; ) {
    const next = isDoubled() ? find(mark, at, close) : close
    const length = (next < close ? next + 1 : close) - at
    memory.copy(target, at, length)
    target += length
    // The second of two.
    at += length + (next < close ? 1 : 0)
  }
  if (close + 1 < end) {
    memory.copy(target, close + 1, end - close - 1)
    target += end - close - 1
  }
  from = copyAt
  to = target
}
