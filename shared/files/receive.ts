/**
 * One request's bytes become a file. Its first bytes are looked at before anything is stored; the rest flows into the bucket with one part in memory.
 *
 * Order: look -> stream into an invisible object -> insert the row (uploading) -> publish the object -> stored. Until the row is there nothing of it
 * can be seen, so a client that leaves midway leaves nothing to clean but an unfinished multipart upload, which is aborted here and which R2 drops
 * by itself after a week should this very invocation die. The row comes before the object is visible, because the object's storage event looks for it;
 * whoever is first, this code or that event's consumer, marks the file stored.
 */
import { Breath } from '../base/breath.ts'
import { concatBytes } from '../base/bytes.ts'
import { AppError, isOutcomeUnknown } from '../base/errors.ts'
import type { FileId, UserId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import type { DialectHints } from '../csv/sniff/sniff.ts'
import type { Ports } from '../ports.ts'
import { findFile, insertFile, type NewFile } from './file.sql.ts'
import type { FileRow } from './file.ts'
import { lookAt } from './look.ts'
import { fileKey } from './object-key.ts'
import { ObjectWriter } from './object-writer.ts'
import { dropUploading } from './receive.sql.ts'
import { fillSha256, markStored } from './settle.sql.ts'

/** What is said about a file by those who hand it over. */
export interface About {
  readonly name: string
  readonly contentType: string
  readonly tags: readonly string[]
  readonly analyse: boolean
  readonly hints: DialectHints
}

/** Bytes on their way in. `about` is asked once the first bytes are there (for the hints) and again when all are: form fields may come after the file. */
export interface Incoming {
  readonly pieces: AsyncIterator<Uint8Array, void, undefined>
  readonly about: () => About
}

type ReceivePorts = Pick<Ports, 'db' | 'store' | 'clock' | 'ids' | 'log' | 'sizes'>

/** The version in the key of an uploaded file's object: there is only ever one. */
const VERSION = '1'

/** The row of a file that comes from outside. */
export const uploadedFile = (id: FileId, owner: UserId, about: About): NewFile => ({
  id,
  owner,
  source: 'upload',
  name: about.name,
  contentType: about.contentType,
  objectKey: fileKey(owner, id, VERSION),
  systemTags: ['uploaded'],
  userTags: about.tags,
  hints: about.hints,
  autoAnalyse: about.analyse,
  jobId: null,
})

/** Takes the bytes as a new file of the owner. Throws what is wrong with them (`file_empty`, `not_csv`, `encoding_*`, …); then nothing is stored. */
export const receiveFile = async (ports: ReceivePorts, owner: UserId, incoming: Incoming): Promise<FileRow> => {
  try {
    return await receive(ports, owner, incoming)
  } finally {
    // Where we stopped early, what is still to come is not wanted.
    await incoming.pieces.return?.()
  }
}

const receive = async (ports: ReceivePorts, owner: UserId, incoming: Incoming): Promise<FileRow> => {
  const head = await firstBytes(incoming.pieces)
  const beginning = { bytes: head.bytes.subarray(0, LIMITS.sniffBytes), isWhole: head.isWhole && head.bytes.length <= LIMITS.sniffBytes }
  const looked = await lookAt(beginning, incoming.about().hints, LIMITS.sniffBytes)
  // A header longer than the sample is no mistake: whoever settles the file takes a longer look.
  if (!looked.ok && !looked.needMore) throw new AppError(looked.problem.code, looked.problem.detail)
  const id = ports.ids.make('file')
  const writer = new ObjectWriter(ports.store, fileKey(owner, id, VERSION), incoming.about().contentType, ports.sizes.partBytes)
  try {
    await pour(ports, head.bytes, incoming.pieces, writer)
    await ports.db.run(insertFile(uploadedFile(id, owner, incoming.about()), ports.clock.now()))
    await publish(ports, id, writer)
  } catch (cause) {
    // The answer was lost. The row itself tells whether the file is there, whole.
    const there = isOutcomeUnknown(cause) ? await findFile(ports.db, owner, id).catch(() => null) : null
    if (there && there.state !== 'uploading') return there
    await undo(ports, owner, id, writer)
    throw cause
  }
  const file = await findFile(ports.db, owner, id)
  if (!file) throw new AppError('file_not_found', 'The file was deleted while it was being handed over.')
  return file
}

/** As many pieces as the sniffer wants to see, and one byte more, which tells whether that was all. */
const firstBytes = async (pieces: AsyncIterator<Uint8Array, void>): Promise<{ bytes: Uint8Array; isWhole: boolean }> => {
  const kept: Uint8Array[] = []
  let count = 0
  while (count <= LIMITS.sniffBytes) {
    const step = await pieces.next()
    if (step.done) return { bytes: concatBytes(kept), isWhole: true }
    kept.push(step.value.slice())
    count += step.value.length
  }
  return { bytes: concatBytes(kept), isWhole: false }
}

const pour = async (
  ports: ReceivePorts,
  head: Uint8Array,
  pieces: AsyncIterator<Uint8Array, void>,
  writer: ObjectWriter,
): Promise<void> => {
  await writer.write(head)
  const breath = new Breath(ports.clock)
  for (;;) {
    const step = await pieces.next()
    if (step.done) return
    await writer.write(step.value)
    await breath.after(step.value.length)
  }
}

/** Makes the object visible and the file stored. If its storage event was faster, only the digest is left to add. */
const publish = async (ports: ReceivePorts, id: FileId, writer: ObjectWriter): Promise<void> => {
  const object = await writer.finish()
  await ports.db.batch([markStored(id, object, object.sha256, ports.clock.now()), fillSha256(id, object.etag, object.sha256)])
}

/** Takes back what was done so far, each step whatever came of the others. Never throws: the first failure is the one to tell, and the sweep finds what stays behind. */
const undo = async (ports: ReceivePorts, owner: UserId, id: FileId, writer: ObjectWriter): Promise<void> => {
  for (const step of [() => writer.abort(), () => forget(ports, owner, id)]) {
    await step().catch((cause: unknown) => ports.log.error('receive.undo_failed', { file: id }, cause))
  }
}

/** Where the row is still uploading, the object is nobody's, should it be there after all. */
const forget = async (ports: ReceivePorts, owner: UserId, id: FileId): Promise<void> => {
  const dropped = await ports.db.run(dropUploading(owner, id))
  if (dropped > 0) await ports.store.remove(fileKey(owner, id, VERSION))
}
