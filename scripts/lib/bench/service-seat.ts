/**
 * The whole job through the local service, as a contender: the list is uploaded once, apart; a run is one filter job. Its time is that of the job itself, from its creation to its success by the service's
 * own clock, so that how often somebody asks is not part of it. The service has a state folder of its own, which is gone afterwards.
 */
import { createWriteStream, openAsBlob, rmSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { uploadFile } from '../../../shared/client/upload.ts'
import { settledFile } from '../await-profile.ts'
import { CommandError } from '../command.ts'
import { makeOwnState } from '../own-state.ts'
import { socketPath } from '../places.mjs'
import type { Progress } from '../progress.ts'
import { askToEnd, connectTo } from '../protocol.ts'
import { runJob } from '../run-job.ts'
import { type Session, withService } from '../session.ts'
import { checkAccounts } from '../summary.ts'
import type { List } from './contender.ts'
import type { Scenario } from './scenarios.ts'
import type { Seat, Timed } from './seat.ts'

const QUIET: Progress = { stage: () => {}, update: () => {}, clear: () => {} }

/** Runs `work` with a service on an empty state of its own under `folder`. */
export const withOwnService = async <T>(folder: string, stop: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> => {
  makeOwnState(folder)
  return withService(stop, QUIET, work)
}

/** Ends the service of withOwnService at once; it would end by itself, but only after a moment. */
export const endOwnService = async (): Promise<void> => {
  const supervisor = await connectTo(socketPath())
  if (supervisor) await askToEnd(supervisor)
}

/** Ends the service of withOwnService and takes its state away. */
export const removeOwnState = async (folder: string): Promise<void> => {
  await endOwnService()
  rmSync(path.join(folder, 'state'), { recursive: true, force: true, maxRetries: 5 })
}

/** Hands the list over and returns its file's id as soon as jobs can be run on it. */
export const handOverList = async (session: Session, list: List): Promise<string> => {
  const { id } = await uploadFile(session.api, await openAsBlob(list.path), {
    name: path.basename(list.path),
    hints: { delimiter: list.dialect.delimiter },
    analyse: false,
    idempotencyKey: crypto.randomUUID(),
  })
  await settledFile(session, id, QUIET)
  return id
}

/** Runs the scenario's clause over the file once. */
export const filterOnce = async (session: Session, file: string, { where }: Scenario): Promise<Timed & { readonly result: string }> => {
  const job = await runJob(session, { operation: 'filter', input: file, spec: { where } }, QUIET)
  checkAccounts(job.progress)
  const result = (job.result as { file?: string }).file
  if (!result || !job.ended_at || !job.created_at) throw new CommandError(`The job ${job.id} tells no result.`)
  return { ms: Date.parse(job.ended_at) - Date.parse(job.created_at), outcome: { rows: job.progress.rows_out }, result }
}

const download = async ({ api }: Session, file: string, out: string): Promise<void> => {
  const { body } = await api.content(file)
  if (body) await pipeline(Readable.fromWeb(body as never), createWriteStream(out))
}

/** The service as a contender. Results are brought home where they are to be compared, not where they go to `sink`. */
export const serviceSeat = async (session: Session, scenario: Scenario, list: List, sink: string): Promise<Seat> => {
  const file = await handOverList(session, list)
  return {
    run: async (out) => {
      const { result, ...timed } = await filterOnce(session, file, scenario)
      if (out !== sink) await download(session, result, out)
      return timed
    },
    end: () => {},
  }
}
