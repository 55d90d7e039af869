/**
 * How many different hashes were there, about? HyperLogLog with 2^12 registers of one byte: a standard error of 1.04 / sqrt(4096) = 1.6 %.
 * The estimate is O. Ertl's ("New cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm 6): no bias tables, right from one value to 2^60.
 */

const INDEX_BITS = 12
const REGISTERS = 2 ** INDEX_BITS
/** Hash bits that are left for the rank. */
const RANK_BITS = 64 - INDEX_BITS
/** The standard error of an estimate as a fraction of it. */
export const HLL_ERROR = 1.04 / Math.sqrt(REGISTERS)

export const newRegisters = (): Uint8Array => new Uint8Array(REGISTERS)

/** Takes one hash in: its low bits choose a register, which keeps the longest run of leading zeros of the others. */
export const addHash = (registers: Uint8Array, low: number, high: number): void => {
  const rank = high !== 0 ? Math.clz32(high) + 1 : 32 + Math.min(Math.clz32(low >>> INDEX_BITS) - INDEX_BITS, 32 - INDEX_BITS) + 1
  const index = low & (REGISTERS - 1)
  if (rank > registers[index]!) registers[index] = rank
}

/** Takes the other registers in: what is left is what one sketch of both would hold. */
export const mergeRegisters = (left: Uint8Array, right: Uint8Array): void => {
  for (let i = 0; i < REGISTERS; i++) if (right[i]! > left[i]!) left[i] = right[i]!
}

/** x + x^2 + 2 x^4 + 4 x^8 + … */
const sigma = (x: number): number => {
  if (x === 1) return Number.POSITIVE_INFINITY
  let [power, weight, sum, last] = [x, 1, x, -1]
  while (sum !== last) {
    power *= power
    last = sum
    sum += power * weight
    weight += weight
  }
  return sum
}

/** (1 - x - sum of (1 - x^(2^-k))^2 2^-k) / 3 */
const tau = (x: number): number => {
  if (x === 0 || x === 1) return 0
  let [root, weight, sum, last] = [x, 1, 1 - x, -1]
  while (sum !== last) {
    root = Math.sqrt(root)
    last = sum
    weight *= 0.5
    sum -= (1 - root) ** 2 * weight
  }
  return sum / 3
}

/** The estimated number of different hashes, not rounded. */
export const estimate = (registers: Uint8Array): number => {
  const counts = new Float64Array(RANK_BITS + 2)
  for (const rank of registers) counts[rank]!++
  let sum = REGISTERS * tau(1 - counts[RANK_BITS + 1]! / REGISTERS)
  for (let rank = RANK_BITS; rank >= 1; rank--) sum = 0.5 * (sum + counts[rank]!)
  sum += REGISTERS * sigma(counts[0]! / REGISTERS)
  return (REGISTERS * REGISTERS) / (2 * Math.LN2 * sum)
}
