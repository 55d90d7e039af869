/** 64 bytes as bits: bit i of a mask speaks of byte i of the word. */

/** Four vectors of bytes that are all ones or zero as a mask. */
// @ts-ignore: decorator
@inline
export function bits(b0: v128, b1: v128, b2: v128, b3: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(b0)) | (<u64>(<u32>i8x16.bitmask(b1)) << 16) | (<u64>(<u32>i8x16.bitmask(b2)) << 32) | (<u64>(<u32>i8x16.bitmask(b3)) << 48)
  )
}

/** Which of the 64 bytes in four vectors equal `byte` (a splat)? */
// @ts-ignore: decorator
@inline
export function equalMask(v0: v128, v1: v128, v2: v128, v3: v128, byte: v128): u64 {
  return bits(i8x16.eq(v0, byte), i8x16.eq(v1, byte), i8x16.eq(v2, byte), i8x16.eq(v3, byte))
}

/**
 * Bit i of the result is the parity of bits 0..i:
 *
 *     quotes  ..1....1...1..1.
 *     result  ..11111....111..      from each opening quote up to its closing quote, which is not in it
 */
// @ts-ignore: decorator
@inline
export function prefixXor(bits: u64): u64 {
  bits ^= bits << 1
  bits ^= bits << 2
  bits ^= bits << 4
  bits ^= bits << 8
  bits ^= bits << 16
  return bits ^ (bits << 32)
}

/** The lowest set bit alone. */
// @ts-ignore: decorator
@inline
export function lowest(bits: u64): u64 {
  return bits & (0 - bits)
}
