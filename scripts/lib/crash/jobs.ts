/** The jobs of a run, from their submission to what came of them, over however many crashes. */
import { openAsBlob } from 'node:fs'
import type { JobInfo, JobResult } from '../../../shared/client/api.ts'
import { hasEnded } from '../../../shared/client/watch.ts'
import { bareAnswer, type Expected, hashOf } from '../oracle.ts'
import type { Asker } from './client.ts'
import type { JobPlan } from './plan.ts'

/** A job that the service has taken. */
export interface Taken {
  readonly id: string
  readonly plan: JobPlan
  /** As it was read last: the revision changes with everything that is done on the job. */
  seen: JobInfo
  ended: JobInfo | null
  /** Kills that it was under way at. */
  kills: number
}

const WATCH_MS = 300

/** Hands a list over; the id of its file. */
export const handOver = async (ask: Asker, name: string, path: string): Promise<string> => {
  const bytes = await openAsBlob(path)
  return (await ask((api) => api.createFile(bytes, name))).id
}

/** Submits a job: however often it is asked, it is one. */
export const submit = async (ask: Asker, plan: JobPlan, file: string): Promise<Taken> => {
  const key = crypto.randomUUID()
  const { operation, spec } = plan.ask
  const seen = await ask((api) => api.createJob({ operation, input: file, spec }, key))
  return { id: seen.id, plan, seen, ended: null, kills: 0 }
}

/** Resolves when the job has ended; it is written down in it. `onMove`: something was done on it. */
export const follow = async (ask: Asker, job: Taken, onMove: () => void): Promise<void> => {
  for (;;) {
    const now = await ask((api) => api.job(job.id))
    if (now.rev !== job.seen.rev) onMove()
    job.seen = now
    if (hasEnded(now)) {
      job.ended = now
      return
    }
    await new Promise((done) => setTimeout(done, WATCH_MS))
  }
}

async function* bytesOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body) for await (const piece of response.body) yield piece as Uint8Array
}

const contentHash = async (ask: Asker, file: string): Promise<string> => ask(async (api) => hashOf(bytesOf(await api.content(file))))

const fileOfLink = (link: string | null): string | null => /\/files\/(file_\w+)\//.exec(link ?? '')?.[1] ?? null

const hashOrNull = async (ask: Asker, file: string | null): Promise<string | null> => (file === null ? null : contentHash(ask, file))

/** The answer in the shape of the oracle's: a profile is a document of its own, a count stands in the result. */
const answerOf = async (ask: Asker, { operation, input, result }: JobInfo): Promise<string> => {
  if (operation === 'filter') return bareAnswer({})
  if (operation === 'analyse') return bareAnswer(await ask((api) => api.profile(input.file) as Promise<never>))
  const { head, head_rows, head_truncated } = (result ?? {}) as JobResult
  return bareAnswer({ head, head_rows, head_truncated })
}

/** Where the job came to something else than the oracle: a line each. */
export const differences = async (ask: Asker, { ended, plan }: Taken, expected: Expected): Promise<string[]> => {
  if (ended?.state !== 'succeeded') return [`ended as ${ended?.state}: ${JSON.stringify(ended?.error)}`]
  const { links, progress, warnings } = ended
  const found: Expected = {
    rows: Object.fromEntries(Object.keys(expected.rows).map((name) => [name, progress[name as keyof typeof progress]])) as never,
    output: await hashOrNull(ask, fileOfLink(links.result)),
    rejects: await hashOrNull(ask, fileOfLink(links.rejects)),
    answer: await answerOf(ask, ended),
    warnings: JSON.stringify(warnings),
  }
  return (Object.keys(expected) as (keyof Expected)[])
    .filter((part) => JSON.stringify(found[part]) !== JSON.stringify(expected[part]))
    .map((part) => `${plan.ask.operation}: its ${part} differ: ${whereApart(found[part], expected[part])}`)
}

const SHOWN = 100

/** The two from a little before the place at which they part. */
const whereApart = (found: unknown, expected: unknown): string => {
  const [a, b] = [String(JSON.stringify(found)), String(JSON.stringify(expected))]
  const at = Math.max(0, [...a].findIndex((char, i) => char !== b[i]) - SHOWN / 2)
  return `…${a.slice(at, at + SHOWN)}… in place of …${b.slice(at, at + SHOWN)}…`
}
