/**
 * One list of gigabytes through the service: its result must be that of the same cut in this process, to the byte; and how long does it take, where does the time go, and how much memory does the runtime have
 * while it runs? Records are long and quoted, with line ends inside, so that nearly every border of a chunk lies within quotes. Where the time goes is told by the processor's own log lines.
 */
import { openAsBlob, readFileSync, rmSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import path from 'node:path'
import type { JobInfo } from '../../../shared/client/api.ts'
import { uploadFile } from '../../../shared/client/upload.ts'
import { settledFile } from '../await-profile.ts'
import { CommandError } from '../command.ts'
import { localEngine } from '../local/compiled.ts'
import { byteSize } from '../numbers.ts'
import { type Ask, type Expected, expect, hashOf } from '../oracle.ts'
import { statePlaces } from '../places.mjs'
import type { Progress } from '../progress.ts'
import { runJob } from '../run-job.ts'
import { type Session, withService } from '../session.ts'
import type { BigResult, Shares } from './big-report.ts'
import { madeList } from './data.ts'
import type { Bench } from './measure.ts'
import { refuseWithoutProc, runtimeMemory } from './runtime-memory.ts'
import { endOwnService, removeOwnState, withOwnService } from './service-seat.ts'

const ASK: Ask = { operation: 'filter', spec: { where: 'score > 60' } }
/** The list, its upload, what chunks leave and the result, and room for others. */
const ROOM = 4
const SAMPLE_MS = 500
const QUIET: Progress = { stage: () => {}, update: () => {}, clear: () => {} }

const refuseWithoutRoom = async (folder: string, bytes: number): Promise<void> => {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < ROOM * bytes)
    throw new CommandError(`This takes ${byteSize(ROOM * bytes)} in ${folder}, where ${byteSize(bavail * bsize)} are free.`)
}

/** Lines of the processor about its chunks. */
const chunkLines = (log: string, job: string): Record<string, number>[] =>
  log
    .split('\n')
    .filter((line) => line.includes('"event":"chunk.done"') && line.includes(job))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as Record<string, number>)

const sum = (lines: readonly Record<string, number>[], name: string): number => lines.reduce((all, line) => all + (line[name] ?? 0), 0)

const at = (time: string | null): number => Date.parse(time ?? '')

/** Where the time of the job went, in milliseconds. */
const sharesOf = (job: JobInfo): Shares => {
  const lines = chunkLines(readFileSync(statePlaces().serviceLog, 'utf8'), job.id)
  const chunks = sum(lines, 'ms')
  const [read, write] = [sum(lines, 'read_ms'), sum(lines, 'write_ms')]
  const all = at(job.ended_at) - at(job.created_at)
  const finish = at(job.ended_at) - at(job.finalizing_at)
  return { all, read, write, engine: chunks - read - write, finish, rest: all - finish - chunks }
}

/** Takes samples of the runtime's memory while `work` runs. */
const sampled = async <T>(state: string, work: Promise<T>): Promise<{ value: T; mib: number[] }> => {
  const mib: number[] = []
  const timer = setInterval(() => mib.push(runtimeMemory(state, 'VmRSS')), SAMPLE_MS)
  try {
    return { value: await work, mib }
  } finally {
    clearInterval(timer)
  }
}

const upload = async (session: Session, list: string): Promise<{ file: string; ms: number }> => {
  const from = performance.now()
  const options = { name: path.basename(list), analyse: false, idempotencyKey: crypto.randomUUID() }
  const { id } = await uploadFile(session.api, await openAsBlob(list), options)
  const ms = performance.now() - from
  await settledFile(session, id, QUIET)
  return { file: id, ms }
}

async function* bytesOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body) for await (const piece of response.body) yield piece as Uint8Array
}

/** Where the result is another than that of the same cut in this process: a line each. */
const differencesFrom = async (session: Session, job: JobInfo, expected: Expected): Promise<string[]> => {
  const { file } = job.result as { file: string }
  const hash = await hashOf(bytesOf(await session.api.content(file)))
  const rows = Object.entries(expected.rows).filter(([name, value]) => job.progress[name as keyof typeof job.progress] !== value)
  return [
    ...rows.map(([name, value]) => `${name}: ${job.progress[name as keyof typeof job.progress]} in place of ${value}`),
    ...(hash === expected.output ? [] : [`SHA-256 of the output: ${hash} in place of ${expected.output}`]),
    ...(JSON.stringify(job.warnings) === expected.warnings ? [] : [`warnings: ${JSON.stringify(job.warnings)}`]),
  ]
}

/** Throws CommandError where the result is wrong. Leaves nothing behind: the list is too large to be kept for another time. */
export const measureBig = async ({ request, progress, stop }: Bench): Promise<BigResult> => {
  refuseWithoutProc()
  const { folder, bytes } = request
  await refuseWithoutRoom(folder, bytes)
  progress.stage(`making a list of ${byteSize(bytes)}`)
  const list = await madeList(folder, 'long', bytes)
  try {
    progress.stage('the same cut in this process')
    const from = performance.now()
    const expected = await expect(list, ASK, localEngine())
    const localMs = performance.now() - from
    progress.stage('uploading')
    const uploaded = await withOwnService(folder, stop, (session) => upload(session, list))
    // Started anew, so that the upload is in no sample of the memory.
    await endOwnService()
    return await withService(stop, progress, async (session) => {
      const state = path.join(folder, 'state')
      const idle = runtimeMemory(state, 'VmRSS')
      const work = runJob(session, { operation: ASK.operation, input: uploaded.file, spec: ASK.spec }, progress)
      const { value: job, mib } = await sampled(state, work)
      progress.stage('comparing')
      const wrong = await differencesFrom(session, job, expected)
      if (wrong.length > 0) throw new CommandError(`The service makes something else of the list than this process:\n${wrong.join('\n')}`)
      const { rows_in: rowsIn, rows_out: rowsOut, chunks_total: chunks } = job.progress
      const out = Number(job.result?.bytes ?? 0)
      return { bytes: job.input.bytes, out, rowsIn, rowsOut, chunks, localMs, uploadMs: uploaded.ms, shares: sharesOf(job), idle, mib }
    })
  } finally {
    await removeOwnState(folder)
    rmSync(list, { force: true })
  }
}
