/** What may be done to an upload in parts: begin it, send a part, complete it, give it up. The states are told in upload.ts. */
import { hex } from '../base/bytes.ts'
import { AppError, isOutcomeUnknown } from '../base/errors.ts'
import type { UploadId, UserId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { hintsProblem } from '../csv/sniff/hints.ts'
import type { Stmt } from '../db/db.ts'
import type { Ports } from '../ports.ts'
import { insertFile } from './file.sql.ts'
import { type About, uploadedFile } from './receive.ts'
import { markStored } from './settle.sql.ts'
import { NO_SUCH_UPLOAD, PART_VOID, r2Code, type StoredObject } from './store.ts'
import {
  claimPart,
  dropFileIfChanged,
  dropPart,
  endUpload,
  findUpload,
  fixParts,
  insertUpload,
  keepPart,
  markCompleted,
  partsOf,
  reopen,
} from './upload.sql.ts'
import { checkPart, checkWhole, choosePartBytes, type PartRow, sendingEtag, type UploadRow } from './upload.ts'

type UploadPorts = Pick<Ports, 'db' | 'store' | 'clock' | 'ids' | 'random'>

/** What a client says when it begins. Sizes in bytes; null: it does not know or care. */
export interface UploadPlan {
  readonly about: About
  readonly bytes: number | null
  readonly partBytes: number | null
}

const notOpen = (upload: UploadRow) => {
  const detail = upload.state === 'open' ? 'The upload has expired. Begin a new one.' : `The upload is ${upload.state}. Begin a new one.`
  return new AppError('upload_not_open', detail, { extra: { state: upload.state } })
}

/** A user's upload. Throws `upload_not_found`. */
export const ownUpload = async (ports: Pick<Ports, 'db'>, owner: UserId, id: UploadId): Promise<UploadRow> => {
  const upload = await findUpload(ports.db, owner, id)
  if (!upload) throw new AppError('upload_not_found', 'There is no upload with this id, or it is not yours.')
  return upload
}

/** Begins an upload. `alongside` gives statements for the very same batch, which may refuse it by a conflict. Throws `part_size`, and what is wrong with the hints: later nobody would be there to tell. */
export const beginUpload = async (
  ports: UploadPorts,
  owner: UserId,
  plan: UploadPlan,
  alongside: (upload: UploadId) => readonly Stmt[] = () => [],
): Promise<UploadRow> => {
  const problem = hintsProblem(plan.about.hints)
  if (problem) throw new AppError(problem.code, problem.detail)
  const part_bytes = choosePartBytes(plan.bytes, plan.partBytes)
  const now = ports.clock.now()
  const file = uploadedFile(ports.ids.make('file'), owner, plan.about)
  const upload: UploadRow = {
    id: ports.ids.make('up'),
    owner_id: owner,
    file_id: file.id,
    state: 'open',
    r2_upload_id: await ports.store.createMultipart(file.objectKey, file.contentType),
    part_bytes,
    total_bytes: plan.bytes,
    created_at: now,
    expires_at: now + LIMITS.uploadExpiresMs,
    ended_at: null,
    object_key: file.objectKey,
  }
  try {
    await ports.db.batch([insertFile(file, now), insertUpload(upload), ...alongside(upload.id)])
  } catch (cause) {
    // The answer was lost. The row itself tells whether it is there; where nobody can tell, what it needs must stay.
    if (isOutcomeUnknown(cause) && (await findUpload(ports.db, owner, upload.id))) return upload
    await ports.store.abortMultipart(upload.object_key, upload.r2_upload_id)
    throw cause
  }
  return upload
}

/** A part's bytes, whose number is known before they come. `stream` fails if they are other than declared. */
export interface PartBytes {
  readonly bytes: number
  readonly stream: ReadableStream<Uint8Array>
}

/** Takes part `number`, instead of one that came before under this number. Throws `upload_not_open`, `part_size`, `part_in_flight`, and what the stream throws. */
export const sendPart = async (ports: UploadPorts, owner: UserId, id: UploadId, number: number, part: PartBytes): Promise<PartRow> => {
  const upload = await ownUpload(ports, owner, id)
  if (upload.state !== 'open') throw notOpen(upload)
  checkPart(upload, number, part.bytes)
  const sending = sendingEtag(hex(ports.random.bytes(8)))
  if (!(await claimPart(ports.db, owner, id, { number, bytes: part.bytes, etag: sending }, ports.clock.now())))
    throw notOpen(await ownUpload(ports, owner, id))
  const etag = await putPart(ports, upload, number, part, sending)
  if (!(await keepPart(ports.db, id, number, sending, etag))) {
    throw new AppError('part_in_flight', 'This part was sent a second time meanwhile, and that one counts.')
  }
  return { number, etag, bytes: part.bytes }
}

const putPart = async (ports: UploadPorts, upload: UploadRow, number: number, part: PartBytes, sending: string): Promise<string> => {
  try {
    return (await ports.store.uploadPart(upload.object_key, upload.r2_upload_id, number, part.stream)).etag
  } catch (cause) {
    await dropPart(ports.db, upload.id, number, sending)
    if (r2Code(cause) === NO_SUCH_UPLOAD) throw notOpen(await ownUpload(ports, upload.owner_id, upload.id))
    throw cause
  }
}

/** Joins the parts into the file. Doing it again gives the same. Throws `upload_not_open`, `part_missing`, `part_size`, `length_mismatch`. */
export const completeUpload = async (ports: UploadPorts, owner: UserId, id: UploadId): Promise<UploadRow> => {
  const before = await ownUpload(ports, owner, id)
  if (before.state === 'completed') return before
  const now = ports.clock.now()
  if (before.state === 'open') checkWhole(before, await partsOf(ports.db, id))
  const parts = await fixParts(ports.db, owner, id, now)
  const upload = await ownUpload(ports, owner, id)
  if (upload.state === 'completed') return upload
  if (upload.state !== 'completing') throw notOpen(upload)
  const object = await join(ports, upload, parts)
  await ports.db.batch([markStored(upload.file_id, object, null, now), markCompleted(owner, id, now)])
  return ownUpload(ports, owner, id)
}

/** The joined object. Where the parts do not fit the upload is open again. */
const join = async (ports: UploadPorts, upload: UploadRow, parts: readonly PartRow[]): Promise<StoredObject> => {
  try {
    checkWhole(upload, parts)
    return await ports.store.completeMultipart(upload.object_key, upload.r2_upload_id, parts)
  } catch (cause) {
    if (r2Code(cause) === NO_SUCH_UPLOAD) return joinedBefore(ports, upload)
    if (cause instanceof AppError && cause.row.retry !== true) await reopen(ports.db, upload.owner_id, upload.id)
    if (r2Code(cause) !== PART_VOID) throw cause
    await reopen(ports.db, upload.owner_id, upload.id)
    throw new AppError(
      'part_missing',
      'A part was sent twice at the same time, and its bytes are not the ones we noted. Send the parts again, then complete.',
      { cause },
    )
  }
}

/** The storage says that the upload is over: either an earlier try has completed it, or it was aborted. */
const joinedBefore = async (ports: UploadPorts, upload: UploadRow): Promise<StoredObject> => {
  const object = await ports.store.head(upload.object_key)
  if (!object) throw new AppError('upload_not_open', 'The storage has given this upload up. Begin a new one.')
  return object
}

/** Gives an upload up; doing it again is fine. Throws `upload_not_open` if it is completed or about to be. */
export const abortUpload = async (ports: UploadPorts, owner: UserId, id: UploadId): Promise<void> => {
  const upload = await ownUpload(ports, owner, id)
  const now = ports.clock.now()
  if (upload.state === 'open') {
    await ports.db.batch([endUpload(owner, id, 'open', 'aborted', now), dropFileIfChanged(owner, upload.file_id, now)])
  }
  const after = await ownUpload(ports, owner, id)
  if (after.state !== 'aborted' && after.state !== 'expired') throw notOpen(after)
  await ports.store.abortMultipart(upload.object_key, upload.r2_upload_id)
}
