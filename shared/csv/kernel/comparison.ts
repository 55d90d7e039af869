/** How is an order turned into an answer? The six comparisons as bits of a mask: is a smaller, an equal, a greater left side TRUE? */
import { FALSE, TRUE } from './walk'

/** Bits of a comparison's mask; `<>` is SMALLER | GREATER. */
export const SMALLER: u32 = 1
export const EQUAL: u32 = 2
export const GREATER: u32 = 4

/** `order` < 0, 0 or > 0. */
// @ts-ignore: decorator
@inline
export function answerTo(mask: u32, order: i32): u32 {
  const bit = order < 0 ? SMALLER : order > 0 ? GREATER : EQUAL
  return (mask & bit) != 0 ? TRUE : FALSE
}
