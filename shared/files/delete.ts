/**
 * Deleting a file: the row becomes a tombstone and tells its event in one batch, then the object goes. A tombstone stays, because lineage names it.
 * Should the second step fail, the sweep does it again.
 */
import { AppError } from '../base/errors.ts'
import type { FileId, JobId, UserId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { insertEventIfChanged } from '../events/event.sql.ts'
import { makeEvent } from '../events/event.ts'
import type { Ports } from '../ports.ts'
import { deleteFile, liveJobsOf } from './edit.sql.ts'
import { findFile } from './file.sql.ts'
import type { FileRow } from './file.ts'
import { fileNotFound } from './own.ts'
import { purgeFile } from './purge.ts'

export interface Deletion {
  readonly owner: UserId
  readonly id: FileId
  /** True for a revision that the caller means; null: whichever there is. */
  readonly isMeant: ((file: FileRow) => boolean) | null
  readonly requestId: string
  /** Frees the file of the jobs that read it, once it is certain that it is to be deleted; null: leave them. */
  readonly free: (() => Promise<void>) | null
}

/**
 * Deletes a user's file; once deleted, doing it again is fine. Throws `file_not_found`, `rev_stale`, `file_in_use` with the jobs that read it,
 * or `file_not_stored` while it is being uploaded.
 */
export const deleteOwnFile = async (ports: Ports, { owner, id, isMeant, requestId, free }: Deletion): Promise<void> => {
  const file = await findFile(ports.db, owner, id)
  if (!file) throw fileNotFound()
  if (file.state === 'deleted') return
  if (isMeant && !isMeant(file)) throw new AppError('rev_stale', 'The file has changed since you read it. Read it again and decide anew.')
  if (file.state === 'uploading')
    throw new AppError('file_not_stored', 'The file is not complete yet. Abort the upload or cancel the job that makes it.')
  await free?.()
  const now = ports.clock.now()
  const event = makeEvent(ports.ids, { owner, kind: 'file.deleted', subject: id, payload: { file: id }, requestId })
  const [deleted] = await ports.db.batch([deleteFile(owner, id, isMeant && file.rev, now), insertEventIfChanged(event, now)])
  if (deleted?.changes === 0) await explain(ports, owner, id)
  // As it was in the moment it was deleted: a job may have added the profile since it was read.
  await purgeFile(ports, (await findFile(ports.db, owner, id)) ?? file)
}

/** Says which jobs read a file; `jobs` may be one more than is shown, which tells that there are more. */
export const inUse = (jobs: readonly JobId[]) =>
  new AppError('file_in_use', 'Jobs are reading this file. Wait for them, or cancel them: with ?cancel=true that is done here.', {
    extra: { jobs: jobs.slice(0, LIMITS.pageSizeDefault), truncated: jobs.length > LIMITS.pageSizeDefault },
    retryAfterS: LIMITS.soonS,
  })

/** Why the conditional delete changed nothing; returns if someone else has deleted the file. */
const explain = async (ports: Ports, owner: UserId, id: FileId): Promise<void> => {
  const jobs = await liveJobsOf(ports.db, owner, id, LIMITS.pageSizeDefault + 1)
  if (jobs.length > 0) throw inUse(jobs.map((job) => job.id))
  const file = await findFile(ports.db, owner, id)
  if (file?.state !== 'deleted') throw new AppError('rev_stale', 'The file has changed in this very moment. Read it again and decide anew.')
}
