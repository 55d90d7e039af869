/** Copies the selected records of a batch, one behind the other, to `output`: neighbours in one piece, bytes as they came. */
import { ends, input, output, starts } from './memory'
import { hasGaps, records } from './records'

/** Runs are mostly short: up to here they are copied 64 bytes at a time, over their end, which costs less than a call. */
const SHORT_BYTES: usize = 1024

// @ts-ignore: decorator
@inline
function copy(target: usize, from: usize, length: usize): void {
  if (length > SHORT_BYTES) memory.copy(target, from, length)
  else
    for (let i: usize = 0; i < length; i += 64) {
      const v0 = v128.load(from + i)
      const v1 = v128.load(from + i, 16)
      const v2 = v128.load(from + i, 32)
      const v3 = v128.load(from + i, 48)
      v128.store(target + i, v0)
      v128.store(target + i, v1, 16)
      v128.store(target + i, v2, 32)
      v128.store(target + i, v3, 48)
    }
}

/** Copies records [first, last), between which something may lie, and returns the place behind them. */
// @ts-ignore: decorator
@inline
function copyRun(target: usize, first: usize, last: usize): usize {
  if (!hasGaps) {
    const start = load<u32>(starts + (first << 2))
    const length = load<u32>(ends + (last << 2) - 4) - start
    copy(target, input + start, length)
    return target + length
  }
  for (let r = first; r < last; r++) {
    const start = load<u32>(starts + (r << 2))
    const length = load<u32>(ends + (r << 2)) - start
    copy(target, input + start, length)
    target += length
  }
  return target
}

/** `selection`: one bit a record, 64 at a time. Returns how many bytes were written. */
export function gather(selection: usize): u32 {
  const words = (<usize>records + 63) >> 6
  let target = output
  let runStart: usize = 0
  let isInRun = false
  for (let w: usize = 0; w < words; w++) {
    let bits = load<u64>(selection + (w << 3))
    const base = w << 6
    if (isInRun) {
      if (bits == ~(<u64>0)) continue
      const length = <usize>ctz(~bits)
      target = copyRun(target, runStart, base + length)
      isInRun = false
      bits &= ~((<u64>1 << <u64>length) - 1)
    }
    while (bits != 0) {
      const first = <usize>ctz(bits)
      const filled = bits | ((<u64>1 << <u64>first) - 1)
      runStart = base + first
      if (filled == ~(<u64>0)) {
        isInRun = true
        break
      }
      const last = <usize>ctz(~filled)
      target = copyRun(target, runStart, base + last)
      bits &= ~((<u64>1 << <u64>last) - 1)
    }
  }
  if (isInRun) target = copyRun(target, runStart, <usize>records)
  return <u32>(target - output)
}
