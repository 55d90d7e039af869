/**
 * The input of a job as it is scanned. Most files are scanned as they are stored; one that is packed or in another encoding is decoded once, while its job is planned, into an
 * object of the job's own, and from then on that object is the input.
 *
 * Run twice, it writes twice and harms nobody: the key holds the planner's fence, so each try writes an object of its own, and the plan names the one that counts.
 */
import { Breath } from '../base/breath.ts'
import { AppError, mayPass } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Decoding } from '../csv/decode/decoding.ts'
import type { Replaced } from '../csv/decode/text-decoding.ts'
import { decodeBlocks } from '../files/decoded.ts'
import type { FileRow } from '../files/file.ts'
import { inputKey } from '../files/object-key.ts'
import { ObjectWriter } from '../files/object-writer.ts'
import type { Ports } from '../ports.ts'
import { JobCanceled, Overtaken } from './attempt.ts'
import { jobOfSystem } from './find.sql.ts'
import type { JobPlan, JobRow } from './job.ts'
import { sourceBlocks } from './pass.ts'
import { beatPlan } from './work.sql.ts'

/** An input that was decoded: the object, and what had to be replaced in it. */
export interface DecodedInput {
  readonly key: string
  readonly etag: string
  readonly bytes: number
  readonly replaced: Replaced | null
}

/** A version of an object. */
export interface InputObject {
  readonly key: string
  readonly etag: string
}

/** Where the bytes lie that a planned job scans. */
export const inputOf = (job: JobRow, plan: Pick<JobPlan, 'decoded'>, file: Pick<FileRow, 'object_key'>): InputObject =>
  plan.decoded ?? { key: file.object_key, etag: job.input_etag }

const TEXT = 'text/csv; charset=utf-8'

/** Decodes the input of a claimed job. Throws what is wrong with it (gzip_invalid, gzip_too_large, input_not_splittable, input_changed), JobCanceled, Overtaken; then it leaves nothing behind. */
export const decodeInput = async (ports: Ports, job: JobRow, file: FileRow, decoding: Decoding): Promise<DecodedInput> => {
  const source = { key: file.object_key, etag: job.input_etag, start: 0, end: job.input_bytes }
  const writer = new ObjectWriter(ports.store, inputKey(job.id, job.fence), TEXT, ports.sizes.partBytes)
  const beat = planBeat(ports, job)
  try {
    const decoded = decodeBlocks(sourceBlocks(ports, source, LIMITS.blockBytes), decoding)
    const breath = new Breath(ports.clock)
    for await (const block of decoded.blocks) {
      await writer.write(block)
      if (writer.bytes > LIMITS.decodedBytesMax) throw notSplittable()
      await beat()
      await breath.after(block.length)
    }
    const { key, etag, bytes } = await writer.finish()
    return { key, etag, bytes, replaced: decoded.replaced() }
  } catch (error) {
    await writer.abort()
    throw error
  }
}

/** An input that is too large to be unpacked or decoded in one go. */
export const notSplittable = () =>
  new AppError(
    'input_not_splittable',
    `A file that is packed or not in UTF-8 is unpacked and decoded first, up to ${LIMITS.decodedBytesMax} bytes; this one has more. Hand it over unpacked and in UTF-8: then it may have any size.`,
  )

/** Keeps the planner's lease alive, and notices that the job is to end or is someone else's. A database that does not answer is asked again at the next turn, while the lease lasts. */
const planBeat = (ports: Pick<Ports, 'db' | 'clock'>, job: JobRow): (() => Promise<void>) => {
  let beatAt = ports.clock.now()
  let heardAt = beatAt
  const beat = async (now: number): Promise<void> => {
    if ((await ports.db.run(beatPlan(job.id, job.fence, now))) === 1) return
    throw (await jobOfSystem(ports.db, job.id))?.state === 'canceling' ? new JobCanceled() : new Overtaken()
  }
  return async () => {
    const now = ports.clock.now()
    if (now - beatAt < LIMITS.cancelPollMs) return
    beatAt = now
    try {
      await beat(now)
      heardAt = now
    } catch (failure) {
      if (!mayPass(failure) || now - heardAt >= LIMITS.silenceMs) throw failure
    }
  }
}
