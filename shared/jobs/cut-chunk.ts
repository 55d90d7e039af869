/** Cuts one claimed chunk: everything between its claim and its commit. */
import { sha256 } from '../base/crypto.ts'
import { AppError } from '../base/errors.ts'
import { Stopwatch } from '../base/stopwatch.ts'
import type { ChunkStart } from '../csv/chunks.ts'
import { keptIn, sendKept } from '../events/outbox.ts'
import { readAll } from '../files/blocks.ts'
import { fileKey, jobVersion, workKey } from '../files/object-key.ts'
import { putOnce } from '../files/put-once.ts'
import { bindSpec, operationOf } from '../operations/index.ts'
import type { Bound } from '../operations/operation.ts'
import type { Ports } from '../ports.ts'
import { JobCanceled } from './attempt.ts'
import { commitChunk } from './chunk.sql.ts'
import { type ChunkObject, type ChunkResult, type ChunkRow, EMPTY, knownStart, resultOf } from './chunk.ts'
import { ChunkOutput, type OutputPlaces } from './chunk-output.ts'
import { type ChunkWork, guessedStart, workOf } from './chunk-source.ts'
import { readHeader } from './header.ts'
import { Heart } from './heart.ts'
import { specOf } from './job.ts'
import { chunkWithStateBefore, joinOwnIfChanged, noteDoneIfChanged } from './join.sql.ts'
import { followUps, joinChunks } from './join.ts'
import { passOver } from './pass.ts'

/** True for the only chunk of a job: what it writes is the job's file already. */
const isWhole = ({ job }: ChunkWork): boolean => job.chunks_total === 1

/** The state of the pass as an object of its own: it can be larger than what the database takes. Null: there is none. */
const keepState = async (ports: Ports, key: string, state: Uint8Array): Promise<ChunkObject | null> => {
  if (state.length === 0) return null
  const digest = sha256(state)
  const object = await putOnce(ports.store, key, state, { sha256: digest })
  return { key: object.key, etag: object.etag, bytes: object.bytes, sha256: digest }
}

/** The state of everything to the left of a chunk of a sequential operation; null: there is none. */
const stateBefore = async (ports: Ports, chunk: ChunkRow, bound: Bound): Promise<Uint8Array | null> => {
  if (!bound.isSequential || chunk.k === 0) return null
  const left = await chunkWithStateBefore(ports.db, chunk.job_id, chunk.k)
  const state = left && resultOf(left)?.state
  if (!state) return null
  const stream = await ports.store.read(state.key, state.etag)
  if (!stream) throw new AppError('storage_unavailable', 'The state of the chunks before cannot be read.')
  return readAll(stream, state.bytes)
}

/** Commits what the pass came to, and joins as far as that goes; false: the fence is not ours any more, or the job does not run. */
const commit = async (ports: Ports, chunk: ChunkRow, result: ChunkResult, chunksTotal: number): Promise<boolean> => {
  const now = ports.clock.now()
  const outcomes = await ports.db.batch([
    commitChunk(chunk, result, now),
    noteDoneIfChanged(chunk.job_id, now),
    ...(chunk.start_at === null || !result.next ? [] : [joinOwnIfChanged(chunk, result.next)]),
    ...followUps(ports, chunk.job_id, chunksTotal),
  ])
  await sendKept(ports, keptIn(outcomes))
  if (outcomes[0]?.changes !== 1) return false
  if (chunksTotal > 1) await joinChunks(ports, chunk.job_id)
  return true
}

/** Where the chunk's objects go. */
const placesOf = (work: ChunkWork, chunk: ChunkRow, contentType: string | null): OutputPlaces => {
  const { job, plan } = work
  const version = jobVersion(job.id, chunk.fence)
  const [output, rejects] = isWhole(work)
    ? [fileKey(job.owner_id, plan.resultFile, version), fileKey(job.owner_id, plan.rejectsFile, version)]
    : [workKey(job.id, chunk.k, chunk.fence, 'output'), workKey(job.id, chunk.k, chunk.fence, 'rejects')]
  return { output: contentType === null ? null : { key: output, contentType }, rejects }
}

type Watch = Stopwatch<'read' | 'write'>

const runFrom = async (ports: Ports, work: ChunkWork, chunk: ChunkRow, first: ChunkStart, watch: Watch): Promise<ChunkResult> => {
  const { job, plan, source } = work
  const operation = operationOf(job.operation)
  const input = { file: job.input_file, etag: job.input_etag, dialect: source.dialect, columns: plan.columns }
  const bound = bindSpec(operation, specOf(job), input)
  const contentType = operation.makes === 'file' && bound.output ? bound.output.contentType : null
  const places = placesOf(work, chunk, contentType)
  const output = new ChunkOutput(ports, places, isWhole(work) ? plan.headerLines : 0)
  const stateKey = workKey(job.id, chunk.k, chunk.fence, 'state')
  try {
    if (bound.output && isWhole(work)) {
      const header = await readHeader(ports, source.key, source.etag, source.dialect)
      output.keep(bound.output.header(header.bytes))
    }
    const before = await stateBefore(ports, chunk, bound)
    const { state, ...passed } = await passOver(ports, source, first, { bound, output, heart: new Heart(ports, chunk), before, watch })
    const kept = await watch.time('write', () => keepState(ports, stateKey, isForNobody(work, bound) ? NO_STATE : state))
    return { ...passed, ...(await watch.time('write', () => output.finish())), state: kept }
  } catch (error) {
    await tidyUp(ports, job.id, [() => output.abort(), () => ports.store.remove(stateKey)])
    throw error
  }
}

const NO_STATE = new Uint8Array(0)

/** A sequential operation's state is for the chunk to the right: where there is none, it would be written for nothing. */
const isForNobody = ({ job }: ChunkWork, { isSequential }: Bound): boolean => isSequential && job.chunks_total === 1

/** Takes back what was written. Never throws: the failure that led here is the one to tell, and the sweep finds what stays. */
const tidyUp = async (ports: Pick<Ports, 'log'>, job: string, steps: readonly (() => Promise<void>)[]): Promise<void> => {
  for (const step of steps) await step().catch((cause: unknown) => ports.log.error('chunk.tidy_failed', { job }, cause))
}

/** False where the lines of the chunks before reach over the whole range. The only chunk of a job makes its file also of no lines. */
const startsIn = (work: ChunkWork, { at }: ChunkStart): boolean => isWhole(work) || at < work.source.range.end

/** What a chunk holds that no line starts in. Where no start can be told (null) there is nothing to read: the left neighbour will tell it. */
const emptyFrom = (first: ChunkStart | null): ChunkResult => {
  const nothing = { ...EMPTY, warnings: [], output: null, rejects: null, state: null }
  return first ? { ...nothing, first, next: first } : { ...nothing, first: null, next: null }
}

const remove = async (ports: Ports, objects: readonly (ChunkObject | null)[]): Promise<void> => {
  for (const object of objects) if (object) await ports.store.remove(object.key)
}

/** Runs the claimed chunk and commits its result. Leaves no object behind where it fails. Throws what reading, writing or the job's end throws. */
export const cutChunk = async (ports: Ports, chunk: ChunkRow): Promise<void> => {
  const startedAt = ports.clock.now()
  const work = await workOf(ports, chunk)
  const { job, source } = work
  const watch: Watch = new Stopwatch(ports.clock)
  const first = knownStart(chunk) ?? (await watch.time('read', () => guessedStart(ports, source)))
  const result = first && startsIn(work, first) ? await runFrom(ports, work, chunk, first, watch) : emptyFrom(first)
  if (!(await commit(ports, chunk, result, job.chunks_total))) {
    await remove(ports, [result.output, result.rejects, result.state])
    throw new JobCanceled()
  }
  ports.log.info('chunk.done', {
    job: job.id,
    chunk: chunk.k,
    request: job.request_id,
    attempt: chunk.attempt_count,
    guessed: chunk.start_at === null,
    bytes_in: result.bytesIn,
    rows_in: result.rowsIn,
    rows_out: result.rowsOut,
    read_ms: watch.ms('read'),
    write_ms: watch.ms('write'),
    ms: ports.clock.now() - startedAt,
  })
}
