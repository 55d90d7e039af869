/** A command at work with the service: the service itself, a client that stops with the command, and one that still works while clearing up. */
import { createWriteStream, openAsBlob, rmSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { systemClock } from '../../shared/base/clock.ts'
import { type Api, type FileInfo, makeApi } from '../../shared/client/api.ts'
import { ClientError } from '../../shared/client/http.ts'
import { uploadFile } from '../../shared/client/upload.ts'
import type { DialectHints } from '../../shared/csv/sniff/sniff.ts'
import { unlessAborted } from './interrupt.ts'
import { byteSize } from './numbers.ts'
import { statePlaces } from './places.mjs'
import type { Progress } from './progress.ts'
import { makeSample } from './sample.ts'
import { type Service, useService } from './service.ts'
import type { Source } from './source.ts'

/** How long the end of a lease may take to be noticed. */
const NOTICE_MS = 1_000

export interface Session {
  readonly url: string
  readonly api: Api
  /** Not ended by Ctrl-C: for what must be done before we go. */
  readonly clearing: Api
  /** Aborted by Ctrl-C and when the service is lost. */
  readonly signal: AbortSignal
}

/** When a service is killed, broken connections to it may be noticed before the end of its lease: that it is lost is the better reason. */
const whyLost = async (error: unknown, lost: AbortSignal): Promise<unknown> => {
  if (!(error instanceof ClientError) || error.code !== 'unreachable') return error
  if (!lost.aborted) await Promise.race([new Promise((done) => lost.addEventListener('abort', done)), systemClock.sleep(NOTICE_MS)])
  return lost.aborted ? lost.reason : error
}

/** Runs `work` with a service; the service is let go afterwards, whatever happened. */
export const withService = async <T>(stop: AbortSignal, progress: Progress, work: (session: Session) => Promise<T>): Promise<T> => {
  progress.stage('reaching the service')
  const service: Service = await unlessAborted(stop, useService())
  try {
    const signal = AbortSignal.any([stop, service.lost])
    const { url, key } = service
    return await work({ url, api: makeApi({ url, key, signal }), clearing: makeApi({ url, key }), signal })
  } catch (error) {
    throw await whyLost(error, service.lost)
  } finally {
    service.release()
  }
}

export interface LocalList {
  readonly name: string
  readonly bytes: Blob
}

/** Stdin as a file for the time of this command: an upload has to know its size, and may have to begin anew. */
const spooled = async (progress: Progress, stop: AbortSignal): Promise<Blob> => {
  const { spool } = statePlaces()
  progress.stage('reading stdin')
  process.once('exit', () => rmSync(spool, { force: true }))
  await unlessAborted(stop, pipeline(process.stdin, createWriteStream(spool, { mode: 0o600 })))
  return openAsBlob(spool)
}

/** The bytes behind a source on this machine (the sample is made if need be); null for a file that the service has. */
export const localList = async (source: Source, progress: Progress, stop: AbortSignal): Promise<LocalList | null> => {
  if (source.kind === 'file') return null
  if (source.kind === 'path') return { name: source.name, bytes: await openAsBlob(source.path) }
  if (source.kind === 'stdin') return { name: 'stdin.csv', bytes: await spooled(progress, stop) }
  const { sample } = statePlaces()
  progress.stage(`no file named: using the sample list ${sample}`)
  makeSample(sample)
  return { name: 'sample.csv', bytes: await openAsBlob(sample) }
}

/** Hands the list over. */
export const handOver = async (
  { api }: Session,
  { name, bytes }: LocalList,
  hints: DialectHints,
  progress: Progress,
): Promise<FileInfo> => {
  progress.stage(`uploading ${name} (${byteSize(bytes.size)})`)
  return uploadFile(api, bytes, {
    name,
    hints,
    idempotencyKey: crypto.randomUUID(),
    onProgress: (sent, total) => progress.update(`uploading ${name}: ${byteSize(sent)} of ${byteSize(total)}`),
  })
}
