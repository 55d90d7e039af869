/** When is a file's profile there? The service analyses what arrives by itself; this waits for it and asks for it where nobody did. */
import type { Api, FileInfo } from '../../shared/client/api.ts'
import { ClientError } from '../../shared/client/http.ts'
import { safeText } from '../../shared/client/terminal-text.ts'
import type { Profile } from '../../shared/csv/profile/view.ts'
import { CommandError } from './command.ts'
import type { Progress } from './progress.ts'
import { runJob } from './run-job.ts'
import type { Session } from './session.ts'

const ASK_AGAIN_MS = 250
/** A file that is settled this long without an analysis of its own was handed over without one, or lost it. */
const PATIENCE_MS = 10_000

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

const profileNow = async (api: Api, id: string): Promise<Profile | null> => {
  try {
    return await api.profile(id)
  } catch (error) {
    if (error instanceof ClientError && error.code === 'profile_not_ready') return null
    throw error
  }
}

const refuseUnusable = ({ name, state, problem }: FileInfo): void => {
  if (problem) throw new CommandError(`${safeText(name)} was rejected: ${safeText(problem.detail)} (${problem.code})`)
  if (state === 'missing' || state === 'deleted') throw new CommandError(`${safeText(name)} is ${state}.`)
}

/** The file once it has been looked at. Throws CommandError if it is no list. */
export const settledFile = async (session: Session, id: string, progress: Progress): Promise<FileInfo> => {
  for (;;) {
    const file = await session.api.file(id)
    refuseUnusable(file)
    if (file.state === 'ready') return file
    progress.update(`${safeText(file.name)} is ${file.state}`)
    await sleep(ASK_AGAIN_MS)
  }
}

/** Is somebody at it? */
const hasLiveAnalysis = async ({ api }: Session, id: string): Promise<boolean> => {
  const { data } = await api.jobs({ file: id, operation: 'analyse' })
  return data.some(({ ended_at }) => ended_at === null)
}

/** The profile of a file, as soon as there is one. */
export const awaitProfile = async (session: Session, id: string, progress: Progress): Promise<Profile> => {
  const first = await profileNow(session.api, id)
  if (first) return first
  progress.stage('analysing')
  await settledFile(session, id, progress)
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    const profile = await profileNow(session.api, id)
    if (profile) return profile
    if (Date.now() > until && !(await hasLiveAnalysis(session, id))) break
    await sleep(ASK_AGAIN_MS)
  }
  await runJob(session, { operation: 'analyse', input: id, spec: {} }, progress)
  return session.api.profile(id)
}
