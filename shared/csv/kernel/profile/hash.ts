/** What is the 64-bit name of a value? That of ../../profile/hash.ts, bit by bit; here multiplication has 64 bits. */
const SEED: u64 = 0x9e3779b97f4a7c15
const WORD: u64 = 0xff51afd7ed558ccd
const LAST: u64 = 0xc4ceb9fe1a85ec53

// @ts-ignore: decorator
@inline
function mix(hash: u64, factor: u64): u64 {
  const product = hash * factor
  return product ^ (product >> 32)
}

/** The hash of the bytes [from, to). Reads up to 8 bytes behind them. */
// @ts-ignore: decorator
@inline
export function hashOf(from: usize, to: usize): u64 {
  const length = <u64>(to - from)
  let hash = SEED ^ length
  let at = from
  for (; at + 8 <= to; at += 8) hash = mix(hash ^ load<u64>(at), WORD)
  const tail = load<u64>(at) & ((<u64>1 << ((length & 7) << 3)) - 1)
  return mix(mix(mix(hash ^ tail, WORD), LAST), WORD)
}
