/** Ten million bytes of noise a seed: every scanner, in blocks of any size, says what the twin says. Too long to be kept, so hashes are compared. */
import { LIMITS } from '../../shared/base/limits.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import type { MakeScanner, ScanOptions } from '../../shared/csv/scanner.ts'
import { Random } from '../support/random.ts'
import { inPieces, scanOptions } from '../support/scan.ts'
import { fillNoise, noiseTable, randomDialect } from './noise.ts'
import { TranscriptHash, transcribe } from './transcript.ts'

export const NOISE_BYTES = 10_000_000

export interface NoiseResult {
  readonly seed: number
  readonly options: ScanOptions
  readonly bytes: Uint8Array
  readonly expected: string
  /** Of each scanner, by its name. */
  readonly hashes: Readonly<Record<string, string>>
  readonly isEqual: boolean
}

const hashOf = (make: MakeScanner, pieces: Iterable<Uint8Array>, options: ScanOptions): string => {
  const hash = new TranscriptHash()
  transcribe(make, pieces, options, hash.note)
  return hash.text
}

/** Pushes of one byte up to the largest block, drawn anew for each. */
function* randomPieces(bytes: Uint8Array, random: Random): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random.below(2 ** random.between(0, Math.log2(LIMITS.blockBytes)))
    yield bytes.subarray(at, at + size)
    at += size
  }
}

/** Runs the noise of one seed. `bytes` is filled, so that a hundred seeds need one array. */
export const runNoise = (scanners: Readonly<Record<string, MakeScanner>>, seed: number, bytes: Uint8Array): NoiseResult => {
  const random = new Random(seed)
  const dialect = randomDialect(random)
  const options = scanOptions({ dialect, recordBytesMax: random.pick([2, 7, 64, 1_000, 1 << 16, LIMITS.recordBytesMax]) })
  fillNoise(random, noiseTable(random, dialect), bytes)
  const expected = hashOf(makeNaiveScanner, inPieces(bytes, LIMITS.blockBytes), options)
  const hashes = Object.fromEntries(
    Object.entries(scanners).map(([name, make]) => [name, hashOf(make, randomPieces(bytes, random), options)]),
  )
  return { seed, options, bytes, expected, hashes, isEqual: Object.values(hashes).every((hash) => hash === expected) }
}
