/** Random numbers from a seed, the same everywhere: quick, for loops that draw millions. Neighbouring seeds have nothing in common. */

/** One step of splitmix32: spreads the bits of a seed. */
const spread = (value: number): number => {
  let mixed = (value + 0x9e3779b9) | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return mixed ^ (mixed >>> 15)
}

/** Steps that it takes until all bits of the seed are everywhere. */
const WARM_UP = 12

/** sfc32 (C. Doty-Humphrey, PractRand). */
export class Random {
  #a: number
  #b: number
  #c: number
  #count = 1

  constructor(seed: number) {
    this.#a = spread(seed)
    this.#b = spread(this.#a)
    this.#c = spread(this.#b)
    for (let i = 0; i < WARM_UP; i++) this.bits()
  }

  /** 32 bits, as an unsigned number. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#count) | 0
    this.#count = (this.#count + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** A whole number from 0 to below `bound`, which is at most 2^32. */
  below(bound: number): number {
    return Math.floor((this.bits() / 2 ** 32) * bound)
  }

  /** From `low` to `high`, both of them possible. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }

  /** A number of 0 to `most`, small ones far more often. */
  few(most: number): number {
    return this.below(this.below(most + 1) + 1)
  }

  /** So many things. */
  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index))
  }
}
