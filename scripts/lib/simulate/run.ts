/** Runs a scene from its first submission to the last end, and says what it came to. */
import { type Draw, seeded } from '../seeded.ts'
import type { Scene } from './scene.ts'
import { type Job, type Owner, Service } from './service.ts'
import { filterOf, type Work } from './size.ts'
import type { StageFigures } from './stage.ts'
import { type Process, Timeline } from './timeline.ts'

/** From submission to end, in milliseconds. */
export interface Latency {
  readonly jobs: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

export interface Outcome {
  readonly submitted: number
  readonly succeeded: number
  readonly failed: number
  /** Analyses of results, beside those. */
  readonly analyses: number
  readonly retries: number
  /** To the last end, and until nothing happened any more. */
  readonly lengthMs: number
  readonly totalMs: number
  /** Until nineteen of twenty jobs had ended: a straggler, whose worker has died, says little of what the service does. */
  readonly jobsPerS: number
  readonly gbPerS: number
  /** Up to the same moment. */
  readonly stages: readonly StageFigures[]
  /** What was busy most. */
  readonly busiest: string
  readonly latency: Latency
  /** Of the owner who hands over all at once; null: there is none. */
  readonly backlog: Latency | null
  /** Of the whole run. */
  readonly allStages: readonly StageFigures[]
  /** The time average of jobs that were asked for and not at their end. */
  readonly meanJobs: number
  /** From submission to end, over all of them. */
  readonly meanMs: number
  readonly events: number
}

/** What the owner with a backlog hands over. */
const SMALL_BYTES = 1_000_000

const latencyOf = (jobs: readonly Job[]): Latency => {
  const took = jobs.flatMap(({ submittedAt, endedAt }) => (endedAt === null ? [] : [endedAt - submittedAt])).sort((a, b) => a - b)
  const at = (share: number): number => took[Math.min(took.length - 1, Math.floor(share * took.length))] ?? 0
  return { jobs: took.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: took.at(-1) ?? 0 }
}

/** One connection of an owner: a submission after the other, as long as there are some. */
function* connection(service: Service, owner: Owner, work: Work, left: { jobs: number }): Process {
  while (left.jobs-- > 0) yield* service.submit(owner, work)
}

const openAll = (time: Timeline, service: Service, owner: Owner, work: Work, jobs: number, connections: number): void => {
  const left = { jobs }
  for (let i = 0; i < connections; i++) time.start(connection(service, owner, work, left))
}

/** Submissions at random moments, by the owners in turn. */
function* arrivals(
  time: Timeline,
  draw: Draw,
  service: Service,
  owners: readonly Owner[],
  work: Work,
  jobs: number,
  ratePerS: number,
): Process {
  for (let i = 0; i < jobs; i++) {
    yield time.sleep((-Math.log(1 - draw()) * 1000) / ratePerS)
    time.start(service.submit(owners[i % owners.length]!, work))
  }
}

/** How many of these jobs, and of their GB, have ended in a second, up to this moment. */
const throughputOf = (jobs: readonly Job[], untilMs: number): { readonly jobsPerS: number; readonly gbPerS: number } => {
  const ended = jobs.filter(({ end, endedAt }) => end === 'succeeded' && endedAt !== null && endedAt <= untilMs)
  const seconds = Math.max(untilMs / 1000, Number.MIN_VALUE)
  return { jobsPerS: ended.length / seconds, gbPerS: ended.reduce((sum, { work }) => sum + work.bytes, 0) / 1e9 / seconds }
}

/** The mean number of jobs in the service, counted moment by moment: what Little's law is held against. */
const meanJobsOf = (jobs: readonly Job[], lengthMs: number): number => {
  const moments = jobs.flatMap(({ submittedAt, endedAt }) => [
    { at: submittedAt, by: 1 },
    { at: endedAt ?? lengthMs, by: -1 },
  ])
  moments.sort((a, b) => a.at - b.at)
  let [here, area, last] = [0, 0, 0]
  for (const { at, by } of moments) {
    area += here * (at - last)
    here += by
    last = at
  }
  return area / Math.max(lengthMs, Number.MIN_VALUE)
}

/** How the service stands at some time. */
interface Moment {
  readonly ms: number
  readonly stages: readonly StageFigures[]
}

const NEARLY_ALL = 0.95

const stagesOf = ({ databases, jobsQueue, chunksQueue, eventsQueue }: Service, ms: number): StageFigures[] =>
  [...databases, jobsQueue, chunksQueue, eventsQueue].map((stage) => stage.figures(ms))

export const runScene = (scene: Scene): Outcome => {
  const time = new Timeline()
  const draw = seeded(scene.seed)
  const service = new Service(time, draw, scene)
  const owners = Array.from({ length: scene.owners }, (_, number) => service.owner(number))
  const greedy = service.owner(scene.owners)
  const work = filterOf(scene.bytes, scene.share)
  const ends = { left: Math.max(1, Math.ceil(NEARLY_ALL * (scene.jobs * scene.owners + scene.backlog))), lastMs: 0 }
  let nearly: Moment | null = null
  service.onEnd(({ isAsked }) => {
    ends.lastMs = time.now
    if (isAsked && --ends.left === 0) nearly = { ms: time.now, stages: stagesOf(service, time.now) }
  })
  service.batch(greedy, filterOf(SMALL_BYTES, scene.share), scene.backlog)
  if (scene.ratePerS === null) for (const owner of owners) openAll(time, service, owner, work, scene.jobs, scene.connections)
  else time.start(arrivals(time, draw, service, owners, work, scene.jobs * scene.owners, scene.ratePerS))
  time.run()
  return outcomeOf(scene, service, greedy, ends.lastMs, nearly ?? { ms: time.now, stages: stagesOf(service, time.now) }, time)
}

const outcomeOf = (scene: Scene, service: Service, greedy: Owner, lengthMs: number, nearly: Moment, time: Timeline): Outcome => {
  const asked = service.jobs.filter(({ isAsked }) => isAsked)
  const others = asked.filter(({ owner }) => owner !== greedy)
  const succeeded = asked.filter(({ end }) => end === 'succeeded')
  const { stages } = nearly
  const used = ({ utilisation, rateUsed }: StageFigures): number => Math.max(utilisation, rateUsed ?? 0)
  return {
    submitted: asked.length,
    succeeded: succeeded.length,
    failed: asked.filter(({ end }) => end === 'failed').length,
    analyses: service.jobs.length - asked.length,
    retries: service.retries,
    lengthMs,
    totalMs: time.now,
    ...throughputOf(succeeded, nearly.ms),
    latency: latencyOf(others),
    backlog: scene.backlog > 0 ? latencyOf(asked.filter(({ owner }) => owner === greedy)) : null,
    stages,
    allStages: stagesOf(service, time.now),
    busiest: stages.reduce((most, stage) => (used(stage) > used(most) ? stage : most)).name,
    meanJobs: meanJobsOf(asked, lengthMs),
    meanMs: asked.reduce((sum, { submittedAt, endedAt }) => sum + (endedAt ?? lengthMs) - submittedAt, 0) / asked.length,
    events: time.count,
  }
}
