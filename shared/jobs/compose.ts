/**
 * Puts one object together from what chunks left. A small one is written at once; a larger one as equal parts of one multipart upload, which is known to the database, part by part,
 * so that whoever comes next goes on where the last one stopped, was killed, or had done enough for one message.
 */
import { sha256, sha256Stream } from '../base/crypto.ts'
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { putOnce } from '../files/put-once.ts'
import { NO_SUCH_UPLOAD, PART_VOID, type Part, r2Code, type StoredObject } from '../files/store.ts'
import type { Ports } from '../ports.ts'
import { JobCanceled } from './attempt.ts'
import type { ChunkObject } from './chunk.ts'
import { COMPOSE_START, type Composed, type ComposePosition } from './composed.ts'
import {
  beginComposition,
  type CompositionRow,
  composedParts,
  compositionOf,
  endComposition,
  type Finisher,
  type Role,
} from './composition.sql.ts'
import { PartMaker } from './part-maker.ts'

/** What one message may still do; shared by all that it puts together. */
export interface Budget {
  bytes: number
  parts: number
  readonly until: number
}

/** What is put together, and where it goes. */
export interface Composition {
  readonly role: Role
  readonly contentType: string
  readonly composed: Composed
  /** The key of an object that is written at once, and of those that are written in parts. */
  readonly key: string
  partsKey(version: number): string
}

type ComposePorts = Pick<Ports, 'db' | 'store' | 'clock' | 'sizes' | 'log'>

const MIB = 1024 * 1024
/** R2 takes 10,000 parts; the rest is left for what an estimate does not know. */
const PARTS_AIM = 9_900
/** Uploads that are given up before the job is. */
const VERSIONS_MAX = 5

/** Parts of this size: P = max(8 MiB, ceil(total / 9900) to a MiB). Throws output_too_large where one would not fit into memory. */
export const composedPartBytes = (
  bytesMax: number,
  { partBytes, partBytesMax }: Pick<Ports['sizes'], 'partBytes' | 'partBytesMax'>,
): number => {
  const needed = Math.ceil(bytesMax / PARTS_AIM / MIB) * MIB
  const size = bytesMax / PARTS_AIM <= partBytes ? partBytes : needed
  if (size <= partBytesMax) return size
  throw new AppError(
    'output_too_large',
    `One job writes at most ${LIMITS.outputBytesMax} bytes. Take fewer columns or rows, or split the input.`,
  )
}

/** Makes the object, as far as the budget goes; null: there is more to do. Throws JobCanceled where the job is someone else's or is to end. */
export const compose = async (ports: ComposePorts, job: Finisher, what: Composition, budget: Budget): Promise<ChunkObject | null> => {
  const row = await compositionOf(ports.db, job.id, what.role)
  if (row?.etag) return { key: row.object_key, etag: row.etag, bytes: row.bytes ?? 0, sha256: row.sha256 }
  if (!row && what.composed.bytesMax <= ports.sizes.partBytes) return putAtOnce(ports, what, budget)
  const upload = row ?? (await begin(ports, job, what, 1))
  const object = await composeParts(ports, job, what, upload, budget)
  if (object !== 'void') return object
  await beginAnew(ports, job, what, upload)
  return null
}

const putAtOnce = async (ports: ComposePorts, { key, contentType, composed }: Composition, budget: Budget): Promise<ChunkObject> => {
  const buffer = new Uint8Array(composed.bytesMax)
  let filled = 0
  for await (const { bytes } of composed.from(COMPOSE_START)) {
    buffer.set(bytes, filled)
    filled += bytes.length
  }
  budget.bytes -= filled
  const all = buffer.subarray(0, filled)
  const digest = sha256(all)
  const object = await putOnce(ports.store, key, all, { sha256: digest, contentType })
  return { key, etag: object.etag, bytes: filled, sha256: digest }
}

/** Begins an upload and says so to the database: nothing is written into one that it does not know. */
const begin = async (ports: ComposePorts, job: Finisher, what: Composition, version: number): Promise<CompositionRow> => {
  const key = what.partsKey(version)
  const partBytes = composedPartBytes(what.composed.bytesMax, ports.sizes)
  const upload = await ports.store.createMultipart(key, what.contentType)
  const [begun] = await ports.db.batch([beginComposition(job, what.role, version, { key, id: upload, partBytes })])
  const row = await compositionOf(ports.db, job.id, what.role)
  if (begun?.changes === 1 && row) return row
  await ports.store.abortMultipart(key, upload)
  throw new JobCanceled()
}

/** What came of an upload: its object, `null` where there is more to do, `void` where it is lost and another has to be begun. */
type Composing = ChunkObject | null | 'void'

const composeParts = async (
  ports: ComposePorts,
  job: Finisher,
  what: Composition,
  row: CompositionRow,
  budget: Budget,
): Promise<Composing> => {
  const hash = row.parts_done === 0 ? sha256Stream() : null
  const maker = new PartMaker(ports, job, row)
  let position: ComposePosition = { chunk: row.at_chunk, offset: row.at_offset, skip: row.at_skip }
  try {
    for await (const piece of what.composed.from(position)) {
      for (let at = 0; at < piece.bytes.length; ) {
        const taken = maker.take(piece.bytes.subarray(at))
        hash?.update(piece.bytes.subarray(at, at + taken))
        at += taken
        budget.bytes -= taken
        position = piece.after(at)
        if (!maker.isFull) continue
        if (!(await maker.send(position))) return 'void'
        budget.parts--
        if (isSpent(ports, budget)) return (await maker.landAll()) ? null : 'void'
      }
    }
    if (maker.isOpen && !(await maker.send(position))) return 'void'
    if (!(await maker.landAll())) return 'void'
  } finally {
    await maker.settle()
  }
  return complete(ports, job, row, hash?.digest() ?? null)
}

const isSpent = ({ clock }: ComposePorts, { bytes, parts, until }: Budget): boolean => bytes <= 0 || parts <= 0 || clock.now() >= until

/** Gives up an upload that is lost, with all of its parts, for another one. */
const beginAnew = async (ports: ComposePorts, job: Finisher, what: Composition, row: CompositionRow): Promise<void> => {
  if (row.version >= VERSIONS_MAX) throw new AppError('storage_unavailable', 'The storage keeps losing parts of the result.')
  ports.log.warn('composition.begun_anew', { job: job.id, version: row.version })
  await ports.store.abortMultipart(row.object_key, row.upload_id)
  await begin(ports, job, what, row.version + 1)
}

/** Makes the object visible. */
const complete = async (ports: ComposePorts, job: Finisher, row: CompositionRow, sha: string | null): Promise<Composing> => {
  const object = await completed(ports, row, await composedParts(ports.db, row))
  if (!object) return 'void'
  const { key, etag, bytes } = object
  const [ended] = await ports.db.batch([endComposition(job, row, { etag, bytes, sha256: sha })])
  if (ended?.changes !== 1) throw new JobCanceled()
  return { key, etag, bytes, sha256: sha }
}

/** The object of an upload whose parts are all there: completed now, or before by someone who could not say so any more. Null: it is void. */
const completed = async (
  ports: ComposePorts,
  { object_key, upload_id }: CompositionRow,
  parts: readonly Part[],
): Promise<StoredObject | null> => {
  try {
    return await ports.store.completeMultipart(object_key, upload_id, parts)
  } catch (cause) {
    const code = r2Code(cause)
    if (code === NO_SUCH_UPLOAD) return ports.store.head(object_key)
    if (code === PART_VOID) return null
    throw cause
  }
}
