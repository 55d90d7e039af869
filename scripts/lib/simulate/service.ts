/**
 * The service in virtual time: jobs go the way of shared/jobs (submitted, admitted, planned, run in chunks, finished), and each step asks of the database, the bucket and the queues what
 * costs.ts says. What a real one would store is not there: only when who waits for what.
 */
import { LIMITS } from '../../../shared/base/limits.ts'
import { between, type Draw } from '../seeded.ts'
import { type Cost, STEPS, stepsOf, sumOf, timesOf } from './costs.ts'
import { Mailbox } from './mailbox.ts'
import { PUBLISHED } from './platform.ts'
import type { Scene } from './scene.ts'
import { analysisOf, beatsOf, chunkMs, type Pieces, partMs, piecesOf, pollsOf, stateMs, type Work } from './size.ts'
import { Stage } from './stage.ts'
import type { Process, Timeline } from './timeline.ts'

export interface Owner {
  readonly number: number
  underWay: number
  readonly waiting: Job[]
}

export type End = 'succeeded' | 'failed'

export interface Job {
  readonly owner: Owner
  readonly work: Work
  readonly pieces: Pieces
  /** Asked for by someone, not by the arrival of a file. */
  readonly isAsked: boolean
  readonly submittedAt: number
  next: number
  out: number
  done: number
  endedAt: number | null
  end: End | null
}

export class Service {
  readonly #time: Timeline
  readonly #draw: Draw
  readonly #scene: Scene
  readonly databases: readonly Stage[]
  readonly jobsQueue: Mailbox
  readonly chunksQueue: Mailbox
  readonly eventsQueue: Mailbox
  readonly jobs: Job[] = []
  /** Tries of chunks that came to nothing. */
  retries = 0
  #tellEnd: (job: Job) => void = () => {}

  constructor(time: Timeline, draw: Draw, scene: Scene) {
    this.#time = time
    this.#draw = draw
    this.#scene = scene
    const { consumers, assumed, shards } = scene
    const mailbox = (name: string, batchMax: number): Mailbox =>
      new Mailbox(time, { name, consumersMax: consumers, messagesPerS: PUBLISHED.messagesPerS, wayMs: assumed.queueMs, batchMax })
    this.databases = Array.from({ length: shards }, (_, i) => new Stage(time, shards === 1 ? 'database' : `database ${i + 1}`, 1))
    this.jobsQueue = mailbox('queue jobs', 1)
    this.chunksQueue = mailbox('queue chunks', 1)
    this.eventsQueue = mailbox('queue file-events', 10)
  }

  /** Who is told of each end. */
  onEnd(tell: (job: Job) => void): void {
    this.#tellEnd = tell
  }

  owner(number: number): Owner {
    return { number, underWay: 0, waiting: [] }
  }

  /** A request of an owner: the job is there when it is answered. */
  *submit(owner: Owner, work: Work): Process {
    const submittedAt = this.#time.now
    yield* this.#ask(owner, STEPS.authenticate)
    yield* this.#ask(owner, STEPS.submit)
    const job = this.#make(owner, work, true, submittedAt)
    if (this.#draw() < this.#scene.watched) this.#time.start(this.#watch(job))
  }

  /** Many jobs by one request: they are all there at once. */
  batch(owner: Owner, work: Work, jobs: number): void {
    for (let i = 0; i < jobs; i++) this.#make(owner, work, true, this.#time.now)
  }

  #make(owner: Owner, work: Work, isAsked: boolean, submittedAt: number): Job {
    const pieces = piecesOf(work, this.#scene.sizes, this.#scene.assumed)
    const job: Job = { owner, work, pieces, isAsked, submittedAt, next: 0, out: 0, done: 0, endedAt: null, end: null }
    this.jobs.push(job)
    owner.waiting.push(job)
    this.#admit(owner)
    return job
  }

  /** Lets an owner's jobs in, in their order, while it has fewer under way than it may (shared/jobs/admission.sql.ts). */
  #admit(owner: Owner): void {
    if (owner.underWay >= this.#scene.sizes.parallelPerOwner) return
    const job = owner.waiting.shift()
    if (!job) return
    owner.underWay++
    this.jobsQueue.send(() => this.#plan(job))
  }

  *#plan(job: Job): Process {
    yield* this.#ask(job.owner, this.#steps(job).plan)
    yield* this.#bucket(1)
    this.#release(job)
  }

  /** Sends messages of chunks, as many as the job may have out (shared/jobs/wake.sql.ts). */
  #release(job: Job): void {
    const { parallelPerJob, parallelPerOwner } = this.#scene.sizes
    const room = Math.min(parallelPerJob, Math.max(1, Math.floor(parallelPerOwner / Math.max(1, job.owner.underWay))))
    for (; job.out < room && job.next < job.pieces.chunks && job.end === null; job.next++, job.out++)
      this.chunksQueue.send(() => this.#chunk(job, 1))
  }

  *#chunk(job: Job, attempt: number): Process {
    if (job.end !== null) return
    const { chunk } = this.#steps(job)
    const { sizes, assumed } = this.#scene
    const ms = chunkMs(job.work, job.pieces, sizes, assumed) * this.#jitter()
    const luck = this.#draw()
    yield* this.#ask(job.owner, timesOf(0.4, chunk))
    if (luck < assumed.dying + assumed.failing) {
      yield* this.#run(job.owner, ms / 2)
      this.retries++
      return this.#again(job, attempt, luck < assumed.dying)
    }
    yield* this.#run(job.owner, ms)
    yield* this.#ask(job.owner, timesOf(0.6, chunk))
    job.out--
    job.done++
    this.#release(job)
    if (job.done === job.pieces.chunks && job.end === null) this.jobsQueue.send(() => this.#finish(job))
  }

  /** A try that failed comes back after a pause; one whose worker died when its lease is out and the tick has seen it. */
  #again(job: Job, attempt: number, isDead: boolean): void {
    const pauseMs = isDead ? LIMITS.leaseMs + this.#draw() * 60_000 : 1000 * (1 + this.#draw() / 2)
    if (attempt >= LIMITS.attemptsMax) this.#end(job, 'failed')
    else this.chunksQueue.send(() => this.#chunk(job, attempt + 1), pauseMs)
  }

  /** A pass that takes so long, with its polls and signs of life, which hold nobody up. */
  *#run(owner: Owner, ms: number): Process {
    const asked = sumOf([timesOf(pollsOf(ms), STEPS.poll), timesOf(beatsOf(ms), STEPS.beat)])
    if (asked.reads > 0) this.#time.start(this.#ask(owner, asked, ms / asked.reads))
    yield this.#time.sleep(ms)
  }

  *#finish(job: Job): Process {
    const { parts, moreFinishes } = job.pieces
    const finish = this.#steps(job).finish
    yield* this.#ask(job.owner, timesOf(0.5, finish))
    if (parts > 0) yield* this.#ask(job.owner, sumOf([STEPS.compose, timesOf(moreFinishes, STEPS.goOn)]))
    yield* parts > 0 ? this.#compose(job) : this.#gather(job)
    yield* this.#ask(job.owner, timesOf(0.5, finish))
    this.#end(job, 'succeeded')
    if (job.work.makes === 'file' && this.#scene.analyses) this.eventsQueue.send(() => this.#event(job))
  }

  /** A result is put together part by part. That others go on between two messages changes little: each of them comes at once. */
  *#compose({ owner, pieces }: Job): Process {
    const { sizes, assumed } = this.#scene
    for (let part = 0; part < pieces.parts; part++) {
      yield this.#time.sleep(partMs(pieces.partBytes, sizes, assumed) * this.#jitter())
      yield* this.#ask(owner, STEPS.part)
    }
  }

  /** What chunks left is read one after the other: states of a profile, or outputs that fit into one put. */
  *#gather({ work, pieces }: Job): Process {
    if (pieces.chunks === 1) yield* this.#bucket(1)
    else if (work.makes === 'file') yield* this.#bucket(pieces.chunks)
    else yield this.#time.sleep(pieces.chunks * stateMs(this.#scene.assumed) * this.#jitter())
  }

  *#event({ owner, work }: Job): Process {
    yield* this.#ask(owner, STEPS.event)
    yield* this.#bucket(2)
    this.#make(owner, analysisOf(work.outBytes), false, this.#time.now)
  }

  #end(job: Job, end: End): void {
    if (job.end !== null) throw new Error('a job ended twice')
    job.end = end
    job.endedAt = this.#time.now
    job.owner.underWay--
    this.#admit(job.owner)
    this.#tellEnd(job)
  }

  *#watch(job: Job): Process {
    while (job.end === null) {
      yield this.#time.sleep(LIMITS.waitPollMs)
      yield* this.#ask(job.owner, STEPS.look)
    }
  }

  #steps({ work, pieces }: Job) {
    return stepsOf(work.makes, pieces.chunks, this.#scene.sizes)
  }

  /** Questions to the owner's database one after the other, each of which goes there, waits for its turn, and comes back; `gapMs`: between two. */
  *#ask({ number }: Owner, { reads, writes, rowsRead }: Cost, gapMs = 0): Process {
    const { d1ReadMs, d1WriteMs, d1RowUs, d1WayMs } = this.#scene.assumed
    const database = this.databases[number % this.databases.length]!
    const [reading, writing] = [this.#whole(reads), this.#whole(writes)]
    const rowsMs = (rowsRead * d1RowUs) / 1000 / Math.max(1, reading + writing)
    for (let i = 0; i < reading + writing; i++) {
      const ms = i < reading ? d1ReadMs : d1WriteMs
      yield this.#time.sleep(d1WayMs + gapMs)
      yield* database.use(ms * this.#jitter() + rowsMs)
    }
  }

  /** So many requests to the bucket, one after the other. */
  *#bucket(requests: number): Process {
    yield this.#time.sleep(requests * this.#scene.assumed.r2RequestMs * this.#jitter())
  }

  /** A whole number that is `value` on average. */
  #whole(value: number): number {
    return Math.floor(value) + (this.#draw() < value % 1 ? 1 : 0)
  }

  /** From half to one and a half. */
  #jitter(): number {
    return between(this.#draw, 500, 1500) / 1000
  }
}
