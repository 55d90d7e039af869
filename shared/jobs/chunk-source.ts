/** Where a chunk's bytes lie, and where its first line begins. */
import { assert } from '../base/assert.ts'
import { concatBytes } from '../base/bytes.ts'
import { AppError } from '../base/errors.ts'
import type { ChunkStart } from '../csv/chunks.ts'
import { dialectOf } from '../csv/dialect.ts'
import { guessStart, guessWindow } from '../csv/guess-start.ts'
import { fileOfSystem } from '../files/file.sql.ts'
import type { Ports } from '../ports.ts'
import type { ChunkRow } from './chunk.ts'
import { inputOf } from './decode-input.ts'
import { jobOfSystem } from './find.sql.ts'
import { type JobPlan, type JobRow, planOf } from './job.ts'
import { type Source, sourceBlocks } from './pass.ts'

export interface ChunkWork {
  readonly job: JobRow
  readonly plan: JobPlan
  readonly source: Source
}

/** Everything about a claimed chunk. Throws input_changed. */
export const workOf = async (ports: Pick<Ports, 'db'>, chunk: ChunkRow): Promise<ChunkWork> => {
  const job = await jobOfSystem(ports.db, chunk.job_id)
  const plan = job && planOf(job)
  assert(job && plan, 'a chunk belongs to a job with a plan')
  const file = await fileOfSystem(ports.db, job.input_file)
  if (!file) throw new AppError('input_changed', 'The input file is gone.')
  const source = {
    ...inputOf(job, plan, file),
    size: inputBytes(job, plan),
    dialect: dialectOf(plan.dialect),
    columns: plan.columns.length,
    range: { start: chunk.range_start, end: chunk.range_end },
  }
  return { job, plan, source }
}

/** Bytes of the input as it is scanned. */
export const inputBytes = (job: JobRow, plan: Pick<JobPlan, 'decoded'>): number => plan.decoded?.bytes ?? job.input_bytes

/** Where the first line of the chunk seems to begin, from the bytes around its border; null: that cannot be told. */
export const guessedStart = async (ports: Pick<Ports, 'store' | 'sizes'>, source: Source): Promise<ChunkStart | null> => {
  const { key, etag, range, size, dialect, columns } = source
  const { guessBytes, recordBytesMax } = ports.sizes
  const window = guessWindow(range, size, guessBytes)
  const pieces: Uint8Array[] = []
  for await (const block of sourceBlocks(ports, { key, etag, ...window }, guessBytes)) pieces.push(block.slice())
  return guessStart(concatBytes(pieces), range, { dialect, columns, recordBytesMax })
}
