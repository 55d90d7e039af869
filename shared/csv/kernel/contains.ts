/**
 * In which records does a column hold a text? Where no byte of the batch is a quote and every record has its fields, a field is its bytes: the text is searched for in all bytes at once,
 * 64 places a step, which costs less than to begin anew in each field, and what is found is put to its record.
 */
import { width } from './dialect'
import { bits } from './masks'
import { ends, fieldEnds, input, starts } from './memory'
import { hasQuotes, isRagged, records } from './records'
import { sameBytes } from './text'
import { alive, asks, trues, unknowns } from './walk'

/** More finds than records: it stands nearly everywhere, in other columns maybe, and is looked for in the fields alone, for so many batches. */
const CROWDED_BATCHES: u32 = 32
/** Fewer live records than a quarter: they are gone through one by one. */
const ALIVE_SHIFT: u32 = 2

let crowded: u32 = 0

// @ts-ignore: decorator
@inline
function startOf(field: usize, column: u32, r: usize): u32 {
  return column == 0 ? load<u32>(starts + (r << 2)) : load<u32>(field - 4) + 1
}

/** Sets the bits of live records in which the field is empty. */
function findEmpty(column: u32, bytes: usize): void {
  const stride = <usize>width << 2
  let field = fieldEnds + (<usize>column << 2)
  let r: usize = 0
  for (let at: usize = 0; at < bytes; at += 8) {
    const last = min(r + 64, <usize>records)
    let empty: u64 = 0
    for (let bit: u64 = 0; r < last; r++, bit++, field += stride) empty |= <u64>(startOf(field, column, r) >= load<u32>(field)) << bit
    store<u64>(unknowns + at, empty & load<u64>(alive + at))
  }
}

function countAlive(bytes: usize): u32 {
  let count: u32 = 0
  for (let at: usize = 0; at < bytes; at += 8) count += <u32>popcnt(load<u64>(alive + at))
  return count
}

/**
 * column LIKE '%text%' for the live records, into the bitmaps of `walk`. False: nothing is answered, because it is not so simple or would take longer.
 * Reads up to 128 bytes and the text's length behind the last record.
 */
export function containsText(column: u32, text: usize, length: usize): bool {
  if (isRagged || hasQuotes || records == 0) return false
  if (crowded > 0) {
    crowded--
    return false
  }
  const bytes = ((<usize>records + 63) >> 6) << 3
  if (countAlive(bytes) < records >> ALIVE_SHIFT) return false
  memory.fill(trues, 0, bytes)
  if (!findText(column, text, length)) {
    crowded = CROWDED_BATCHES
    return false
  }
  for (let at: usize = 0; at < bytes; at += 8) store<u64>(trues + at, load<u64>(trues + at) & load<u64>(alive + at))
  memory.fill(asks, 0, bytes)
  findEmpty(column, bytes)
  return true
}

/** Sets the bits of all records whose field holds the text. False: there are too many places that look like it. */
function findText(column: u32, text: usize, length: usize): bool {
  const first = i8x16.splat(load<u8>(text))
  const last = i8x16.splat(load<u8>(text + length - 1))
  const stride = <usize>width << 2
  const columnEnds = fieldEnds + (<usize>column << 2)
  const end = input + load<u32>(ends + (<usize>records << 2) - 4)
  let left = records
  let r: usize = 0
  for (let at = input + load<u32>(starts); at < end; at += 64) {
    const behind = at + length - 1
    const h0 = v128.and(i8x16.eq(v128.load(at), first), i8x16.eq(v128.load(behind), last))
    const h1 = v128.and(i8x16.eq(v128.load(at, 16), first), i8x16.eq(v128.load(behind, 16), last))
    const h2 = v128.and(i8x16.eq(v128.load(at, 32), first), i8x16.eq(v128.load(behind, 32), last))
    const h3 = v128.and(i8x16.eq(v128.load(at, 48), first), i8x16.eq(v128.load(behind, 48), last))
    if (!v128.any_true(v128.or(v128.or(h0, h1), v128.or(h2, h3)))) continue
    for (let hits = bits(h0, h1, h2, h3); hits != 0; hits &= hits - 1) {
      const place = at + <usize>ctz(hits)
      if (left-- == 0) return false
      if (place >= end || (length > 2 && !sameBytes(place + 1, text + 1, length - 2))) continue
      const offset = <u32>(place - input)
      while (load<u32>(ends + (r << 2)) <= offset) r++
      const field = columnEnds + r * stride
      if (offset < startOf(field, column, r) || offset + <u32>length > load<u32>(field)) continue
      const word = trues + ((r >> 6) << 3)
      store<u64>(word, load<u64>(word) | (<u64>1 << (<u64>r & 63)))
    }
  }
  return true
}
