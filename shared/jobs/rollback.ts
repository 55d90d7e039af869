/**
 * A user takes back a job that succeeded: the files it made are deleted, as if each were deleted by hand, and stand in the lineage as tombstones whose edge says why. The job stays
 * `succeeded`; the rollback is a row and an event of its own, in one batch with the deletions. What a job found out and no file holds (a profile, an answer) stays: it is still true.
 */
import { AppError } from '../base/errors.ts'
import type { FileId, JobId, UserId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { insertEventIfChanged } from '../events/event.sql.ts'
import { makeEvent, rollbackEventId } from '../events/event.ts'
import { inUse } from '../files/delete.ts'
import { liveJobsOf } from '../files/edit.sql.ts'
import { fileOfSystem } from '../files/file.sql.ts'
import { purgeFile } from '../files/purge.ts'
import type { Ports } from '../ports.ts'
import { ownJob } from './cancel.ts'
import { cancelJobsOn } from './free-file.ts'
import { isLive, type JobRow } from './job.ts'
import { deleteRolledBack, filesMadeFrom, insertRollback } from './rollback.sql.ts'

export interface Rollback {
  readonly owner: UserId
  readonly id: JobId
  readonly requestId: string
  /** True: jobs that read its files are canceled first. */
  readonly cancel: boolean
}

const isFile = (file: FileId | null): file is FileId => file !== null

/** The files that a job made. */
const filesOf = (job: JobRow): FileId[] => [job.result_file, job.rejects_file].filter(isFile)

const refuseUnlessSucceeded = (job: JobRow): void => {
  if (job.state === 'succeeded') return
  const advice = isLive(job.state) ? 'Cancel it, or wait for its end.' : 'It has made no file.'
  throw new AppError('job_not_succeeded', `The job is ${job.state}: there is nothing to take back. ${advice}`, {
    extra: { state: job.state },
  })
}

/** Throws `result_in_use` where other files were made from these. */
const refuseParents = async (ports: Pick<Ports, 'db'>, owner: UserId, files: readonly FileId[]): Promise<void> => {
  const made = (await filesMadeFrom(ports.db, owner, files, LIMITS.pageSizeDefault + 1)).map(({ id }) => id)
  if (made.length === 0) return
  throw new AppError(
    'result_in_use',
    'Other files were made from what this job made. Roll back the jobs that made them, or delete them, first.',
    {
      extra: { files: made.slice(0, LIMITS.pageSizeDefault), truncated: made.length > LIMITS.pageSizeDefault },
    },
  )
}

/** Throws `file_in_use` where jobs read these files. */
const refuseReaders = async (ports: Pick<Ports, 'db'>, owner: UserId, files: readonly FileId[]): Promise<void> => {
  const readers: JobId[] = []
  for (const file of files) readers.push(...(await liveJobsOf(ports.db, owner, file, LIMITS.pageSizeDefault + 1)).map(({ id }) => id))
  if (readers.length > 0) throw inUse(readers)
}

/** The job after its rollback; one that was rolled back before stays as it is. Throws `job_not_found`, `job_not_succeeded`, `result_in_use`, `file_in_use`. */
export const rollbackJob = async (ports: Ports, { owner, id, requestId, cancel }: Rollback): Promise<JobRow> => {
  const job = await ownJob(ports, owner, id)
  if (job.rolled_back_at !== null) return job
  refuseUnlessSucceeded(job)
  const files = filesOf(job)
  await refuseParents(ports, owner, files)
  if (cancel) for (const file of files) await cancelJobsOn(ports, owner, file)
  await commit(ports, job, files, requestId)
  const after = await ownJob(ports, owner, id)
  if (after.rolled_back_at !== null) return after
  await refuseParents(ports, owner, files)
  await refuseReaders(ports, owner, files)
  throw new AppError('overloaded', 'What this job made was in use in this very moment. Try again.')
}

/** The rollback with its event, and with each deletion its own; then the objects go. */
const commit = async (ports: Ports, job: JobRow, files: readonly FileId[], requestId: string): Promise<void> => {
  const now = ports.clock.now()
  const about = { owner: job.owner_id, requestId }
  const deletions = files.flatMap((file) => [
    deleteRolledBack(job.owner_id, file, now),
    insertEventIfChanged(makeEvent(ports.ids, { ...about, kind: 'file.deleted', subject: file, payload: { file } }), now),
  ])
  const payload = { job: job.id, operation: job.operation, files }
  const [taken] = await ports.db.batch([
    insertRollback(job.owner_id, job.id, requestId, now),
    insertEventIfChanged({ ...about, id: rollbackEventId(job.id), kind: 'job.rolled_back', subject: job.id, payload }, now),
    ...deletions,
  ])
  if (taken?.changes !== 1) return
  for (const file of files) {
    const row = await fileOfSystem(ports.db, file)
    if (row?.state === 'deleted') await purgeFile(ports, row)
  }
  ports.log.info('job.rolled_back', { job: job.id, request: requestId, files: files.length })
}
