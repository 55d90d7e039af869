/** What is odd about the records of a batch? Asked only where `index` saw that there may be something: each question here reads the records once more. */
import { ends, fieldEnds, firstFields, input, starts } from './memory'
import { records } from './records'

const LF: u8 = 10

/** Of the last question: where it was found first, as an offset, or as a record. */
export let firstOdd: u32 = 0

/** How many fields from record `record` on hold a NUL; firstOdd is the offset of the first. */
export function nulFields(record: u32): u32 {
  let found: u32 = 0
  for (let r = record; r < records; r++) {
    let start = load<u32>(starts + (<usize>r << 2))
    const last = load<u32>(firstFields + (<usize>r << 2), 4)
    for (let f = load<u32>(firstFields + (<usize>r << 2)); f < last; f++) {
      const end = load<u32>(fieldEnds + (<usize>f << 2))
      for (let at = start; at < end; at++) {
        if (load<u8>(input + at) != 0) continue
        if (found++ == 0) firstOdd = at
        break
      }
      start = end + 1
    }
  }
  return found
}

/** How many LFs the records from `record` on hold (of a file whose lines end with CR); firstOdd is the offset of the first. */
export function lineFeeds(record: u32): u32 {
  let found: u32 = 0
  for (let r = record; r < records; r++) {
    const end = load<u32>(ends + (<usize>r << 2))
    for (let at = load<u32>(starts + (<usize>r << 2)); at < end; at++) {
      if (load<u8>(input + at) != LF) continue
      if (found++ == 0) firstOdd = at
    }
  }
  return found
}

/** How many records from `record` on are not UTF-8; firstOdd is the first of them. `isUtf8` (./utf8.ts) is the quick answer. */
export function invalidRecords(record: u32): u32 {
  let found: u32 = 0
  for (let r = record; r < records; r++) {
    if (isUtf8(load<u32>(starts + (<usize>r << 2)), load<u32>(ends + (<usize>r << 2)))) continue
    if (found++ == 0) firstOdd = r
  }
  return found
}

/** True if the bytes [from, to) are UTF-8 (RFC 3629, Unicode table 3-7: nothing overlong, no surrogates, nothing above U+10FFFF). */
function isUtf8(from: u32, to: u32): bool {
  let at = input + from
  const end = input + to
  while (at < end) {
    if (at + 16 <= end && i8x16.bitmask(v128.load(at)) == 0) {
      at += 16
      continue
    }
    const lead = <u32>load<u8>(at++)
    if (lead < 0x80) continue
    if (lead < 0xc2 || lead > 0xf4) return false
    const follow: usize = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3
    if (at + follow > end) return false
    const low: u32 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80
    const high: u32 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf
    const second = <u32>load<u8>(at)
    if (second < low || second > high) return false
    for (let i: usize = 1; i < follow; i++) if ((load<u8>(at + i) & 0xc0) != 0x80) return false
    at += follow
  }
  return true
}
