/**
 * How many small jobs does the service do, and how long does one take? All are submitted as fast as the API takes them; most of them wait in the database until it is their turn. Each must end once, with the
 * count that it should have, and nothing may be left over. Then a few are run one after the other: what a job takes when nobody waits.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { JobInfo } from '../../../shared/client/api.ts'
import { hasEnded } from '../../../shared/client/watch.ts'
import { audit } from '../audit.ts'
import { CommandError } from '../command.ts'
import { counted, duration } from '../numbers.ts'
import type { Session } from '../session.ts'
import { listPieces } from './data.ts'
import { describeList } from './lists.ts'
import type { Bench } from './measure.ts'
import { endOwnService, handOverList, removeOwnState, withOwnService } from './service-seat.ts'

const LIST_BYTES = 10_000
/** Requests that are on their way at a time. */
const CLIENTS = 16
const CALM_JOBS = 50
const LOOK_MS = 1_000
const PAGE = 200

/** From the submission to the end by the service's own clock, in milliseconds. */
interface Latency {
  readonly p50: number
  readonly p95: number
  readonly max: number
}

export interface JobsResult {
  readonly jobs: number
  /** Milliseconds until all were submitted, until all had ended, and until what followed from them (the analyses of their results) had too. */
  readonly submitted_ms: number
  readonly ended_ms: number
  readonly quiet_ms: number
  /** Jobs that nobody asked for: each file that a job made is analysed. */
  readonly followed: number
  readonly burst: Latency
  readonly calm: Latency
  readonly lost: readonly string[]
  readonly wrong: readonly string[]
  readonly findings: readonly string[]
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

const latencyOf = (jobs: readonly JobInfo[]): Latency => {
  const times = jobs.map(({ created_at, ended_at }) => Date.parse(ended_at ?? '') - Date.parse(created_at ?? '')).sort((a, b) => a - b)
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), max: at(1) }
}

/** One job in ten makes a file, which the service then analyses by itself: a job that nobody asked for. The others only count. */
const FILE_EACH = 10

/** From the first submission to the last end. */
const spanOf = (jobs: readonly JobInfo[]): number =>
  jobs.reduce((last, { ended_at }) => Math.max(last, Date.parse(ended_at ?? '')), 0) -
  jobs.reduce((first, { created_at }) => Math.min(first, Date.parse(created_at ?? '')), Number.POSITIVE_INFINITY)

/** Job `n`, and which of the ages it keeps: jobs differ, so that one job's answer cannot be another's. */
const jobOf = (n: number): { operation: 'filter' | 'count'; where: string; keeps: (age: number) => boolean } => {
  const least = n % 97
  return { operation: n % FILE_EACH === 0 ? 'filter' : 'count', where: `age > ${least}`, keeps: (age) => age > least }
}

const submit = async ({ api }: Session, file: string, n: number): Promise<JobInfo> => {
  const { operation, where } = jobOf(n)
  return api.createJob({ operation, input: file, spec: { where } }, crypto.randomUUID())
}

const submitAll = async (session: Session, file: string, jobs: number): Promise<Map<string, number>> => {
  const taken = new Map<string, number>()
  let next = 0
  const client = async (): Promise<void> => {
    while (next < jobs) {
      session.signal.throwIfAborted()
      const n = next++
      const { id } = await submit(session, file, n)
      taken.set(id, n)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return taken
}

const LIVE = ['queued', 'running', 'finalizing', 'canceling'] as const

/** Until no job is under way, and no file waits to be looked at: that makes a job too. */
const untilQuiet = async ({ api, signal }: Session, onLook: () => void): Promise<void> => {
  for (;;) {
    const jobs = await Promise.all(LIVE.map((state) => api.jobs({ state, page_size: 1 })))
    const pages = [...jobs, await api.files({ state: 'stored', page_size: 1 })]
    if (pages.every(({ data }) => data.length === 0)) return
    onLook()
    signal.throwIfAborted()
    await sleep(LOOK_MS)
  }
}

/** Until each of these has ended, the last ones first: one question a second, because a list of all of them costs the service more than the job that it asks for. */
const untilEnded = async ({ api, signal }: Session, ids: readonly string[], onLook: () => void): Promise<void> => {
  for (const id of ids.toReversed()) {
    for (let job = await api.job(id); !hasEnded(job); job = await api.job(id)) {
      onLook()
      signal.throwIfAborted()
      await sleep(LOOK_MS)
    }
  }
}

/** Jobs that are asked for one by one before all are listed: they end about in the order in which they came. */
const LAST = 100

/** All jobs that the service knows. */
const allJobs = async ({ api }: Session): Promise<JobInfo[]> => {
  const found: JobInfo[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await api.jobs({ page_size: PAGE, ...(cursor === undefined ? {} : { cursor }) })
    found.push(...page.data)
    if (!page.next_cursor) return found
    cursor = page.next_cursor
  }
}

const ages = (list: string): number[] =>
  list
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => Number(row.split(',')[3]))

const wrongIn = (jobs: readonly JobInfo[], taken: ReadonlyMap<string, number>, all: readonly number[]): string[] =>
  jobs.flatMap(({ id, state, progress }) => {
    const n = taken.get(id)
    if (n === undefined) return []
    const rows = all.filter(jobOf(n).keeps).length
    return state === 'succeeded' && progress.rows_out === rows ? [] : [`${id}: ${state}, ${progress.rows_out} rows in place of ${rows}`]
  })

/** One job after the other, each to its end. */
const calmly = async (session: Session, file: string): Promise<JobInfo[]> => {
  const done: JobInfo[] = []
  for (let n = 0; n < CALM_JOBS; n++) {
    let job = await submit(session, file, n)
    while (!hasEnded(job)) job = await session.api.job(job.id, 1)
    done.push(job)
  }
  return done
}

const measure = async ({ request, progress }: Bench, session: Session): Promise<Omit<JobsResult, 'findings'>> => {
  const text = Buffer.concat([...listPieces('clean', LIST_BYTES)]).toString()
  const at = path.join(request.folder, 'state', 'small.csv')
  writeFileSync(at, text)
  const file = await handOverList(session, describeList(at, ','))
  const startedAt = performance.now()
  const since = (): number => Math.round(performance.now() - startedAt)
  progress.stage(`submitting ${counted(request.jobs, 'job')}`)
  const taken = await submitAll(session, file, request.jobs)
  const submitted = since()
  const tell = (): void => progress.update(`submitted in ${duration(submitted)}; ${duration(since())}`)
  await untilEnded(session, [...taken.keys()].slice(-LAST), tell)
  await untilQuiet(session, tell)
  const quiet = since()
  const jobs = await allJobs(session)
  const asked = jobs.filter(({ id }) => taken.has(id))
  const known = new Set<string>(jobs.map(({ id }) => id))
  progress.stage('one job after the other')
  const calm = await calmly(session, file)
  await untilQuiet(session, () => {})
  return {
    jobs: request.jobs,
    submitted_ms: submitted,
    ended_ms: spanOf(asked),
    quiet_ms: quiet,
    followed: jobs.length - asked.length,
    burst: latencyOf(asked),
    calm: latencyOf(calm),
    lost: [...taken.keys()].filter((id) => !known.has(id)),
    wrong: [...(taken.size === request.jobs ? [] : [`${taken.size} ids for ${request.jobs} jobs`]), ...wrongIn(jobs, taken, ages(text))],
  }
}

/** Throws CommandError where a job was lost, came to the wrong count, or left something over. */
export const measureJobs = async (bench: Bench): Promise<JobsResult> => {
  const { request, stop } = bench
  try {
    const measured = await withOwnService(request.folder, stop, (session) => measure(bench, session))
    await endOwnService()
    const { findings } = await audit()
    const result = { ...measured, findings }
    const bad = [...result.lost.map((id) => `${id} is lost`), ...result.wrong, ...findings]
    if (bad.length > 0) throw new CommandError(`${jobsText(result)}${bad.slice(0, 20).join('\n')}`)
    return result
  } finally {
    await removeOwnState(request.folder)
  }
}

const perSecond = (count: number, ms: number): string => (count / (ms / 1_000)).toFixed(1)
const latencyText = ({ p50, p95, max }: Latency): string => `p50 ${duration(p50)}, p95 ${duration(p95)}, longest ${duration(max)}`

/** For people. */
export const jobsText = ({ jobs, submitted_ms, ended_ms, quiet_ms, followed, burst, calm, lost, wrong, findings }: JobsResult): string =>
  [
    `${counted(jobs, 'job')} submitted in ${duration(submitted_ms)} (${perSecond(jobs, submitted_ms)} a second), all ended after ${duration(ended_ms)} (${perSecond(jobs, ended_ms)} a second)`,
    `with ${counted(followed, 'analysis', 'analyses')} of the files they made: quiet after ${duration(quiet_ms)} (${perSecond(jobs + followed, quiet_ms)} jobs a second)`,
    `submit to done, all at once:          ${latencyText(burst)}`,
    `submit to done, one after the other:  ${latencyText(calm)}`,
    `lost ${lost.length}, wrong ${wrong.length}, left over or missing ${findings.length}`,
    '',
  ].join('\n')
