/** How does what a job made get to where it was wanted? */
import type { JobInfo, JobResult } from '../../shared/client/api.ts'
import { ClientError } from '../../shared/client/http.ts'
import { CommandError } from './command.ts'
import type { Target } from './cut-args.ts'
import { byteSize } from './numbers.ts'
import type { Progress } from './progress.ts'
import { saveFile, streamOut } from './save.ts'
import type { Session } from './session.ts'
import type { Done } from './summary.ts'

/** A broken download begins anew this often: the local runtime may have been restarted. */
const DOWNLOAD_TRIES = 3

const fetchFile = async (session: Session, id: string, save: (response: Response) => Promise<void>): Promise<void> => {
  for (let tries = 1; ; tries++) {
    try {
      return await save(await session.api.content(id))
    } catch (error) {
      const isFinal = tries >= DOWNLOAD_TRIES || session.signal.aborted || error instanceof ClientError || error instanceof CommandError
      if (isFinal) throw error
    }
  }
}

/** Brings the result to where it was wanted, and says where that is. */
export const fetchResult = async (session: Session, target: Target, result: JobResult, progress: Progress): Promise<string | null> => {
  const { file, sha256 = null } = result
  if (!file || target.kind === 'answer') return null
  const bytes = result.bytes ?? 0
  const expected = { bytes, sha256 }
  const onBytes = (got: number): void => progress.update(`downloading: ${byteSize(got)} of ${byteSize(bytes)}`)
  progress.stage(`downloading ${byteSize(bytes)}`)
  if (target.kind === 'stream') {
    await streamOut(await session.api.content(file), target.path, expected, onBytes)
    return target.path ?? 'stdout'
  }
  await fetchFile(session, file, (response) => saveFile(response, target.path, expected, target.isReplacing, onBytes))
  return target.path
}

/** The rows that were set aside, beside the result. */
export const fetchRejects = async (session: Session, target: Target, job: JobInfo): Promise<Done['rejects']> => {
  const file = /files\/(file_[^/]+)/.exec(job.links.rejects ?? '')?.[1]
  if (!file) return null
  if (target.kind !== 'path') return { file, place: null }
  const { bytes, sha256 } = await session.api.file(file)
  await fetchFile(session, file, (response) =>
    saveFile(response, target.rejects, { bytes: bytes ?? 0, sha256 }, target.isReplacing, () => {}),
  )
  return { file, place: target.rejects }
}
