/**
 * Which lines are records? `index` (./scan.ts) writes down where fields and lines end; here the lines become records, but for blank ones.
 * Where every line has as many fields as it should, four records are made at a time; else they are gone through one by one.
 */
import { endCr, width } from './dialect'
import { ends, fieldEnds, firstFields, input, scratch, starts } from './memory'

/** What was found since beginBatch; lines that have not ended are not among it. */
export let records: u32 = 0
export let fields: u32 = 0
/** True if some record has another number of fields than `width`. */
export let isRagged: bool = false
/** True if something lies between two of the records. */
export let hasGaps: bool = false
/** True if a quote may be among the bytes. */
export let hasQuotes: bool = false

/** What the last call of `index` found in lines that have ended. */
export let blankLines: u32 = 0

export function beginBatch(): void {
  records = 0
  fields = 0
  isRagged = false
  hasGaps = false
  hasQuotes = false
}

/** Takes one record that was found by other means: its fields' ends lie behind those found so far. */
export function addRecord(start: u32, end: u32, fieldCount: u32): void {
  hasQuotes = true
  noteRecord(start, end, fieldCount)
}

function noteRecord(start: u32, end: u32, fieldCount: u32): void {
  if (records > 0 && load<u32>(ends + (<usize>records << 2) - 4) != start) hasGaps = true
  store<u32>(starts + (<usize>records << 2), start)
  store<u32>(ends + (<usize>records << 2), end)
  fields += fieldCount
  records++
  store<u32>(firstFields + (<usize>records << 2), fields)
  if (fieldCount != width) isRagged = true
}

/** Makes records of the `count` lines whose ends lie in `scratch`, the first from `start` on; `fieldCount` field ends lie behind those of the records there are. `hasQuote`: a quote may be in them. */
export function addLines(start: u32, count: u32, fieldCount: u32, hasQuote: bool): void {
  blankLines = 0
  if (hasQuote) hasQuotes = true
  if (!addEqualRecords(start, count, fieldCount)) addRecords(start, count)
}

/**
 * Makes records of `count` lines whose ends lie in `scratch`, if none is blank and each has `width` fields. False, and nothing is added, if it is not so.
 * It is so if every width-th field ends where a line does: all line ends are among the `fieldCount` field ends.
 */
function addEqualRecords(start: u32, count: u32, fieldCount: u32): bool {
  const columns = width
  if (columns == 0 || count * columns > fieldCount) return false
  const bytes = input - 1
  const cr = endCr
  const stride = <usize>columns << 2
  const lastField = fieldEnds + (<usize>fields << 2) + stride - 4
  const end = scratch + (<usize>count << 2)
  let field = lastField
  let differing: u32 = 0
  let crs: u32 = 0
  for (let line = scratch; line < end; line += 4) {
    const place = load<u32>(line)
    differing |= place ^ load<u32>(field)
    crs |= <u32>(<u32>load<u8>(bytes + place) == cr)
    field += stride
  }
  if (differing != 0 || (columns == 1 && hasBlank(start, end))) return false
  if (crs != 0) dropCrs(lastField, stride, count)
  writeRecords(start, end)
  return true
}

function hasBlank(start: u32, end: usize): bool {
  let shortest: u32 = u32.MAX_VALUE
  for (let line = scratch; line < end; line += 4) {
    const length = load<u32>(line) - start
    shortest = length < shortest ? length : shortest
    start = load<u32>(line) + 1
  }
  return shortest < 2
}

/** Writes down records of `width` fields whose lines end at [scratch, end), four at a time. */
function writeRecords(start: u32, end: usize): void {
  const record = <usize>records << 2
  const count = <u32>((end - scratch) >> 2)
  if (records > 0 && load<u32>(ends + record - 4) != start) hasGaps = true
  let startsAt = starts + record
  let endsAt = ends + record
  let firstsAt = firstFields + record + 4
  const columns = width
  const step = i32x4.splat(4 * columns)
  let firsts = i32x4.add(i32x4.splat(fields), i32x4.mul(i32x4.splat(columns), i32x4(1, 2, 3, 4)))
  let before = i32x4.splat(start)
  for (let line = scratch; line < end; line += 16) {
    const next = i32x4.add(v128.load(line), i32x4.splat(1))
    v128.store(endsAt, next)
    v128.store(startsAt, i8x16.shuffle(before, next, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27))
    v128.store(firstsAt, firsts)
    before = next
    firsts = i32x4.add(firsts, step)
    startsAt += 16
    endsAt += 16
    firstsAt += 16
  }
  records += count
  fields += count * columns
}

/** A CR before a line's end belongs to the end, not to the last field, whose end lies at `field`, and those of the further lines `stride` bytes apart. */
function dropCrs(field: usize, stride: usize, count: u32): void {
  for (; count > 0; count--) {
    const end = load<u32>(field)
    store<u32>(field, end - <u32>(<u32>load<u8>(input + end - 1) == endCr))
    field += stride
  }
}

/** Makes records of `count` lines whose ends lie in `scratch`, whatever they are. A blank line (no bytes, or a CR alone) is none: its field's end goes. */
function addRecords(start: u32, count: u32): void {
  let read = fieldEnds + (<usize>fields << 2)
  let write = read
  for (let i: usize = 0; i < <usize>count; i++) {
    const end = load<u32>(scratch + (i << 2))
    const first = write
    let field = load<u32>(read)
    for (read += 4; field != end; read += 4) {
      store<u32>(write, field)
      write += 4
      field = load<u32>(read)
    }
    const hasCr = end > start && <u32>load<u8>(input + end - 1) == endCr
    if (end - start == <u32>hasCr) {
      blankLines++
      hasGaps = true
    } else {
      store<u32>(write, end - <u32>hasCr)
      write += 4
      noteRecord(start, end + 1, <u32>((write - first) >> 2))
    }
    start = end + 1
  }
}
