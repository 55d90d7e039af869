/**
 * How is a question put to the records that are still alive? One record at a time into three bitmaps, 64 records a word:
 * TRUE, UNKNOWN (the answer is NULL), and those that the host has to decide, because it takes more than the kernel knows. All other live records are FALSE.
 */
import { quoteByte, width } from './dialect'
import { beginColumn } from './field'
import { fieldEnds, input, starts } from './memory'
import { isRagged, records } from './records'

/** A test's answers. */
export const FALSE: u32 = 0
export const TRUE: u32 = 1
export const UNKNOWN: u32 = 2
export const ASK: u32 = 4
/** No answer: what `quick` does not know. */
export const SLOW: u32 = 8

export let alive: usize = 0
export let trues: usize = 0
export let unknowns: usize = 0
export let asks: usize = 0

/** Where the bitmaps lie that the following tests read (`alive`) and write: as many words as the batch's records take, and they do not overlap. */
export function setBitmaps(aliveAt: usize, truesAt: usize, unknownsAt: usize, asksAt: usize): void {
  alive = aliveAt
  trues = truesAt
  unknowns = unknownsAt
  asks = asksAt
}

/** A test without a `quick`. */
export class SlowTest {
  // @ts-ignore: decorator
  @inline
  isQuick(): bool {
    return false
  }

  // @ts-ignore: decorator
  @inline
  quick(start: usize, end: usize, isQuoted: bool): u32 {
    return SLOW
  }
}

/** The quick answer for the field [start, end) as it lies in the list. */
// @ts-ignore: decorator
@inline
function quickAnswer<Test>(start: usize, end: usize, mark: u32): u32 {
  const test = changetype<Test>(0)
  if (<u32>load<u8>(start) != mark) return test.quick(start, end, false)
  return end - start > 1 && <u32>load<u8>(end - 1) == mark ? test.quick(start + 1, end - 1, true) : SLOW
}

/**
 * Puts a test to every live record. True if the host is asked about some. `Test` is a class without fields: what it compares with lies in globals. Each test gets a loop of its own with its
 * answers inlined, which a function handed in would not: no call per record is left. Its methods:
 *
 *     isQuick(): bool                                         true if there is a `quick`: a constant
 *     quick(start: usize, end: usize, isQuoted: bool): u32    of the field [start, end); SLOW: `answer` has to be asked. `isQuoted`: it lies between quotes, and there may be more in it
 *     answer(r: u32): u32                                     of record `r`, whose field it reads by `readField`
 *
 * `quick` is asked where every record has the fields that it should have, so that the field's place needs no look at the record's.
 */
export function walk<Test>(column: u32): bool {
  beginColumn(column)
  const test = changetype<Test>(0)
  const bytes = ((<usize>records + 63) >> 6) << 3
  const isEven = test.isQuick() && !isRagged
  const mark = quoteByte()
  // A field begins where its record does, or just past the end of the field before it.
  const endStride = <usize>width << 2
  const endAt = fieldEnds + (<usize>column << 2)
  const startStride: usize = column == 0 ? 4 : endStride
  const startAt = column == 0 ? starts : endAt - 4
  const startInput = column == 0 ? input : input + 1
  const endInput = input
  let anyAsk: u64 = 0
  for (let at: usize = 0; at < bytes; at += 8) {
    let left = load<u64>(alive + at)
    const base = <u32>at << 3
    let isTrue: u64 = 0
    let isUnknown: u64 = 0
    let isAsk: u64 = 0
    if (isEven) {
      let slow: u64 = 0
      let startPlace = startAt + <usize>base * startStride
      let endPlace = endAt + <usize>base * endStride
      if (left == ~(<u64>0)) {
        for (let bit: u64 = 0; bit < 64; bit++, startPlace += startStride, endPlace += endStride) {
          const answer = <u64>quickAnswer<Test>(startInput + load<u32>(startPlace), endInput + load<u32>(endPlace), mark)
          isTrue |= (answer & 1) << bit
          isUnknown |= ((answer >> 1) & 1) << bit
          slow |= (answer >> 3) << bit
        }
      } else {
        while (left != 0) {
          const bit = ctz(left)
          left &= left - 1
          const answer = <u64>quickAnswer<Test>(startInput + load<u32>(startPlace + <usize>bit * startStride), endInput + load<u32>(endPlace + <usize>bit * endStride), mark)
          isTrue |= (answer & 1) << bit
          isUnknown |= ((answer >> 1) & 1) << bit
          slow |= (answer >> 3) << bit
        }
      }
      left = slow
    }
    while (left != 0) {
      const bit = ctz(left)
      left &= left - 1
      const answer = <u64>test.answer(base + <u32>bit)
      isTrue |= (answer & 1) << bit
      isUnknown |= ((answer >> 1) & 1) << bit
      isAsk |= (answer >> 2) << bit
    }
    store<u64>(trues + at, isTrue)
    store<u64>(unknowns + at, isUnknown)
    store<u64>(asks + at, isAsk)
    anyAsk |= isAsk
  }
  return anyAsk != 0
}
