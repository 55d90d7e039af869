/** How is an order turned into an answer? The six comparisons as bits of a mask: is a smaller, an equal, a greater left side TRUE? */

/** Bits of a comparison's mask; `<>` is SMALLER | GREATER. */
export const SMALLER: u32 = 1
export const EQUAL: u32 = 2
export const GREATER: u32 = 4

/** TRUE or FALSE, without a branch that the data would decide: TRUE is 1 and FALSE 0. */
// @ts-ignore: decorator
@inline
export function answerTo(mask: u32, isSmaller: bool, isGreater: bool): u32 {
  const bit = <u32>isSmaller | (<u32>isGreater << 2)
  return <u32>((mask & (bit | (<u32>(bit == 0) << 1))) != 0)
}
