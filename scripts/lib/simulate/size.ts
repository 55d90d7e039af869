/** How large are the pieces of a job, and how many messages and seconds do they come to? Arithmetic over the service's own sizes. */
import { LIMITS } from '../../../shared/base/limits.ts'
import type { Sizes } from '../../../shared/base/sizes.ts'
import { planChunks } from '../../../shared/csv/chunks.ts'
import { composedPartBytes } from '../../../shared/jobs/compose.ts'
import { flyingMax } from '../../../shared/jobs/part-maker.ts'
import type { Makes } from './costs.ts'
import { type Assumed, MEASURED } from './platform.ts'

export interface Work {
  readonly makes: Makes
  /** Of the input. */
  readonly bytes: number
  /** Of the result; a profile is small. */
  readonly outBytes: number
}

/** The work of a filter that keeps this share of its input, and of the analysis of what it made. */
export const filterOf = (bytes: number, share: number): Work => ({ makes: 'file', bytes, outBytes: bytes * share })
export const analysisOf = (bytes: number): Work => ({ makes: 'profile', bytes, outBytes: 0 })

export interface Pieces {
  readonly chunks: number
  /** Of the average chunk. */
  readonly chunkBytes: number
  readonly chunkOutBytes: number
  /** Parts that the result is put together of; 0: it is written at once, or by its only chunk. */
  readonly parts: number
  readonly partBytes: number
  /** Messages of finishing, beyond the first. */
  readonly moreFinishes: number
}

/** Parts that one message of finishing makes before it leaves the rest to another. */
const partsOfMessage = (partBytes: number, sizes: Sizes, assumed: Assumed): number =>
  Math.max(
    1,
    Math.min(
      sizes.composePartsMax,
      Math.ceil(sizes.composeBytesMax / partBytes),
      Math.ceil(sizes.composeMsMax / partMs(partBytes, sizes, assumed)),
    ),
  )

export const piecesOf = ({ makes, bytes, outBytes }: Work, sizes: Sizes, assumed: Assumed): Pieces => {
  const chunks = planChunks(0, bytes, sizes).count
  const isComposed = makes === 'file' && chunks > 1 && outBytes > sizes.partBytes
  const partBytes = isComposed ? composedPartBytes(outBytes, sizes) : 0
  const parts = isComposed ? Math.ceil(outBytes / partBytes) : 0
  const moreFinishes = isComposed ? Math.ceil(parts / partsOfMessage(partBytes, sizes, assumed)) - 1 : 0
  return { chunks, chunkBytes: bytes / chunks, chunkOutBytes: outBytes / chunks, parts, partBytes, moreFinishes }
}

const GB = 1e9
const MB_PER_S_IN_BYTES_PER_MS = 1e3

/** CPU time of a chunk's pass: the engine, moving bytes in and out, and the digest of what is written. */
export const chunkCpuMs = ({ makes }: Work, { chunkBytes, chunkOutBytes }: Pieces, { moveCpuMsPerGb }: Assumed): number => {
  const engine = makes === 'file' ? MEASURED.filterCpuMsPerGb : MEASURED.analyseCpuMsPerGb
  return (chunkBytes * (engine + moveCpuMsPerGb) + chunkOutBytes * (moveCpuMsPerGb + MEASURED.digestCpuMsPerGb)) / GB
}

/** How long a chunk's pass takes where nothing is waited for but the bucket: windows are read one after the other, and nothing is read while a part is written. */
export const chunkMs = (work: Work, pieces: Pieces, sizes: Sizes, assumed: Assumed): number => {
  const { r2ReadMbPerS, r2WriteMbPerS, r2RequestMs } = assumed
  const requests = Math.ceil(pieces.chunkBytes / sizes.windowBytes) + Math.ceil(pieces.chunkOutBytes / LIMITS.partBytes) + 1
  const moving = pieces.chunkBytes / r2ReadMbPerS + pieces.chunkOutBytes / r2WriteMbPerS
  return moving / MB_PER_S_IN_BYTES_PER_MS + requests * r2RequestMs + chunkCpuMs(work, pieces, assumed)
}

/** CPU time of putting a result together: bytes go in and out, and the first message takes their digest as long as it lasts. */
export const composeCpuMs = ({ parts, partBytes }: Pieces, { composeBytesMax }: Sizes, { moveCpuMsPerGb }: Assumed): number => {
  const bytes = parts * partBytes
  return (2 * bytes * moveCpuMsPerGb + Math.min(bytes, composeBytesMax) * MEASURED.digestCpuMsPerGb) / GB
}

/** How long it takes to read what a chunk of a profile left, and to join it with the others. */
export const stateMs = ({ r2ReadMbPerS, r2RequestMs }: Assumed): number =>
  MEASURED.stateBytes / r2ReadMbPerS / MB_PER_S_IN_BYTES_PER_MS + r2RequestMs + MEASURED.stateCpuMs

/** From one part to the next, in the long run, where so many are sent at a time: whoever has sent the last of them waits for the first, and fills the next one only then (shared/jobs/part-maker.ts). */
export const paceMs = (fillMs: number, sendMs: number, flying: number): number => Math.max(fillMs, (fillMs + sendMs) / flying)

/** How long one part of a composition takes: it is read while others are on their way out. */
export const partMs = (partBytes: number, sizes: Sizes, { r2ReadMbPerS, r2WriteMbPerS, r2RequestMs, moveCpuMsPerGb }: Assumed): number => {
  const read = partBytes / r2ReadMbPerS / MB_PER_S_IN_BYTES_PER_MS + Math.ceil(partBytes / sizes.windowBytes) * r2RequestMs
  const write = partBytes / r2WriteMbPerS / MB_PER_S_IN_BYTES_PER_MS + r2RequestMs
  return paceMs(read + (2 * partBytes * moveCpuMsPerGb) / GB, write, flyingMax(partBytes))
}

/** Questions whether to go on, and signs of life, of a chunk that runs for so long. */
export const pollsOf = (ms: number): number => Math.floor(ms / LIMITS.cancelPollMs)
export const beatsOf = (ms: number): number => {
  let [beats, at, distance] = [0, 0, LIMITS.firstBeatMs as number]
  for (; at + distance <= ms; beats++) {
    at += distance
    distance = Math.min(2 * distance, LIMITS.heartbeatMs)
  }
  return beats
}
