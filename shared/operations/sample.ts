/**
 * A sample that is the same every time: whether a record is in it depends on the seed and on where the record begins in the input, and on nothing else.
 * So any split into chunks, any clause and any other column order sample the same records, and each rate's sample holds those of all smaller rates.
 */
import { z } from 'zod'

export const sampleSpec = z
  .strictObject({
    rate: z
      .number()
      .gt(0)
      .max(1)
      .describe('The share of the rows that is kept; each row is drawn for itself, so the number is near it, not exact.'),
    seed: z.int().min(0).max(0xffffffff).default(0).describe('Another seed draws another sample.'),
  })
  .describe('Keeps a random part of the rows that the clause keeps, the same part every time.')
export type SampleSpec = z.output<typeof sampleSpec>

const WORD = 0x1_0000_0000

/** MurmurHash3's finaliser (A. Appleby, public domain): every input bit moves every output bit. */
const mix = (word: number): number => {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** 32 bits of (seed, byte offset), unsigned. The same in every version of the engine. */
const drawn = (seed: number, offset: number): number => {
  const low = mix(mix(seed + 0x9e3779b9) ^ (offset % WORD))
  return mix(low ^ Math.imul(Math.floor(offset / WORD) + 1, 0x85ebca77)) >>> 0
}

/** Tells whether the record that begins at this byte offset is in the sample. */
export const sampler = ({ rate, seed }: SampleSpec): ((byteOffset: number) => boolean) => {
  const bound = Math.ceil(rate * WORD)
  return (byteOffset) => drawn(seed, byteOffset) < bound
}
