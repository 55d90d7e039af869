/** `npm run cut -- FILE --where CLAUSE --out FILE`: the main job, end to end. See lib/cut-args.ts for what can be asked and README for examples. */
import type { JobInfo, JobResult, LineageEdge } from '../shared/client/api.ts'
import { ClientError } from '../shared/client/http.ts'
import { CommandError, EXIT, runCommand, type Values } from './lib/command.ts'
import { CUT, type CutRequest, cutRequest } from './lib/cut-args.ts'
import { interruptSignal } from './lib/interrupt.ts'
import { columnsOf, refuseWrongClause } from './lib/local-check.ts'
import { byteSize } from './lib/numbers.ts'
import { stateFolder } from './lib/places.mjs'
import { makeProgress, type Progress } from './lib/progress.ts'
import { runJob } from './lib/run-job.ts'
import { saveFile, streamOut } from './lib/save.ts'
import { handOver, type LocalList, localList, type Session, withService } from './lib/session.ts'
import { callerFolder } from './lib/source.ts'
import { checkAccounts, type Done, summaryJson, summaryText } from './lib/summary.ts'

/** A broken download begins anew this often: the local runtime may have been restarted. */
const DOWNLOAD_TRIES = 3

interface Input {
  readonly file: string
  readonly name: string
}

/** The file to cut: handed over, or looked up. */
const inputFile = async (session: Session, request: CutRequest, list: LocalList | null, progress: Progress): Promise<Input> => {
  if (list) return { file: (await handOver(session, list, request.hints, progress)).id, name: list.name }
  const { id, name, columns } = await session.api.file(request.source.kind === 'file' ? request.source.id : '')
  refuseWrongClause(request.where, columns)
  return { file: id, name }
}

const jobFor = ({ where, target, ragged, hints, source }: CutRequest, input: string) => ({
  operation: target.kind === 'answer' ? 'count' : 'filter',
  input,
  spec: {
    where,
    ragged,
    ...(target.kind === 'answer' ? { head: target.head } : {}),
    // A list that was handed over has its hints already.
    ...(source.kind === 'file' && Object.keys(hints).length > 0 ? { dialect: hints } : {}),
  },
})

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
const download = async (session: Session, { target }: CutRequest, result: JobResult, progress: Progress): Promise<string | null> => {
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
const downloadRejects = async (session: Session, { target }: CutRequest, job: JobInfo): Promise<Done['rejects']> => {
  const file = /files\/(file_[^/]+)/.exec(job.links.rejects ?? '')?.[1]
  if (!file) return null
  if (target.kind !== 'path') return { file, place: null }
  const { bytes, sha256 } = await session.api.file(file)
  await fetchFile(session, file, (response) =>
    saveFile(response, target.rejects, { bytes: bytes ?? 0, sha256 }, target.isReplacing, () => {}),
  )
  return { file, place: target.rejects }
}

const edgeInto = async ({ api }: Session, result: JobResult): Promise<LineageEdge | null> => {
  if (!result.file) return null
  const { edges } = await api.lineage(result.file, { direction: 'ancestors', depth: 1 })
  return edges.find(({ child }) => child === result.file) ?? null
}

const outputOf = ({ file, bytes, rows = 0, sha256 = null }: JobResult): Done['output'] =>
  file ? { file, bytes: bytes ?? 0, rows, sha256 } : null

const cut = async (
  session: Session,
  request: CutRequest,
  list: LocalList | null,
  progress: Progress,
): Promise<{ done: Done; result: JobResult }> => {
  const startedAt = Date.now()
  const input = await inputFile(session, request, list, progress)
  const job = await runJob(session, jobFor(request, input.file), progress)
  checkAccounts(job)
  const result = (job.result ?? {}) as JobResult
  const place = await download(session, request, result, progress)
  const rejects = await downloadRejects(session, request, job)
  const edge = await edgeInto(session, result)
  progress.clear()
  const done = { name: input.name, clause: request.where, job, place, output: outputOf(result), rejects, edge, ms: Date.now() - startedAt }
  return { done, result }
}

/** Results go to stdout, what was done to stderr. */
const tell = ({ target, isJson, isQuiet }: CutRequest, { done, result }: { done: Done; result: JobResult }): void => {
  if (!isQuiet) process.stderr.write(summaryText(done))
  if (result.head_truncated) process.stderr.write('The rows shown were cut short: they are too long to show them all.\n')
  if (isJson)
    process.stdout.write(
      `${JSON.stringify({ ...summaryJson(done), ...(target.kind === 'answer' ? { head: result.head ?? '' } : {}) }, null, 2)}\n`,
    )
  else if (target.kind === 'answer') process.stdout.write(target.head > 0 ? (result.head ?? '') : `${done.job.progress.rows_out}\n`)
}

const main = async (values: Values, words: string[]): Promise<number> => {
  const request = cutRequest(values, words, callerFolder(), stateFolder())
  const progress = makeProgress(process.stderr, request.isQuiet)
  const stop = interruptSignal(() => {
    progress.clear()
    process.stderr.write('Canceling (Ctrl-C again to leave at once).\n')
  })
  const list = await localList(request.source, progress)
  refuseWrongClause(request.where, list ? await columnsOf(list.bytes, list.name, request.hints) : null)
  if (request.source.kind === 'sample' && !request.isQuiet) process.stderr.write(`--where "${request.where}"\n`)
  tell(request, await withService(stop, progress, (session) => cut(session, request, list, progress)))
  return EXIT.done
}

await runCommand(CUT, main)
