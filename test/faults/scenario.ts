/**
 * What clients ask of the service while things go wrong. They are stubborn, as clients should be: what fails or goes unanswered is asked again, with the same Idempotency-Key.
 *
 * `reference`: three jobs: `cut` (a filter over eight chunks whose borders are guessed wrong), `canceled`, and `poisoned` (a place that cannot be read, for good).
 * `arrivals`: `count` (of a list that is handed over in parts and decoded first), a list that arrives in the inbox and is analysed, `replaced` (its input is replaced from outside
 * meanwhile), an upload that is never completed, one that is given up, a message of newer code, a file that is deleted. `all`: both at once. `calm`: what of both nothing is hostile in.
 */
import { type Lists, makeLists } from './lists.ts'
import type { Answer, World } from './world.ts'

export type ScenarioName = 'all' | 'reference' | 'arrivals' | 'calm'

export type JobName = 'cut' | 'count' | 'canceled' | 'poisoned' | 'replaced' | 'arrival'

export interface SubmittedJob {
  readonly name: JobName
  /** Null: it was made by the service itself. */
  readonly key: string | null
  /** The request's body, to be sent again. */
  readonly body: object
  readonly id: string
}

/** What the clients have been told. */
export interface Told {
  readonly lists: Lists
  readonly jobs: SubmittedJob[]
  /** Ids that the same key has brought. */
  readonly idsByKey: Map<string, Set<string>>
  /** Files whose deletion was confirmed. */
  readonly deleted: string[]
  /** Requests that were answered in the end although they were struck. */
  readonly answered: Set<string>
}

const PAUSE_MS = 1_000
const PAUSE_MS_MAX = 8_000
/** Clients do not give up before the faults do. */
const TRIES_MAX = 400

export class Clients {
  readonly told: Told
  readonly #world: World
  readonly #scenario: ScenarioName
  #left = 0

  constructor(world: World, scenario: ScenarioName) {
    this.#world = world
    this.#scenario = scenario
    this.told = { lists: makeLists(scenario === 'calm'), jobs: [], idsByKey: new Map(), deleted: [], answered: new Set() }
  }

  /** True once every client has what it wanted. */
  get areDone(): boolean {
    return this.#left === 0
  }

  /** A job that was submitted; null: it is not yet. */
  idOf(name: JobName): string | null {
    return this.told.jobs.find((job) => job.name === name)?.id ?? null
  }

  start(): void {
    const reference = () => [this.#cutting(), this.#poisoned()]
    const arrivals = () => {
      this.#world.broker.offer('jobs', { v: 2, kind: 'from newer code' }, 0, 10)
      return [this.#counting(), this.#arriving(), this.#replaced(), this.#abandoning()]
    }
    const clients: Readonly<Record<ScenarioName, () => Promise<void>[]>> = {
      all: () => [...reference(), ...arrivals()],
      reference,
      arrivals,
      calm: () => [this.#cutting(), this.#counting(), this.#arriving()],
    }
    for (const client of clients[this.#scenario]()) this.#client(client)
  }

  /** What the clients do once the jobs have ended: read, ask again with the same keys, delete. */
  finish(): void {
    if (this.#scenario !== 'calm') for (const job of this.told.jobs) this.#client(this.#asksAgain(job))
    this.#client(this.#tidies())
  }

  #client(work: Promise<void>): void {
    this.#left++
    work.then(
      () => {
        this.#left--
      },
      (cause: unknown) => {
        this.#left--
        this.#world.violations.add('every_job_ends', `a client gave up: ${cause instanceof Error ? cause.message : String(cause)}`)
      },
    )
  }

  /** Asks until there is an answer that asking again would not change. */
  async ask(subject: string, method: string, at: string, init: Parameters<World['request']>[3] = {}): Promise<Answer> {
    let pause = PAUSE_MS
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const answer = await this.#world.request(subject, method, at, init).catch(() => null)
      if (answer && answer.status < 500) {
        this.told.answered.add(subject)
        return answer
      }
      await this.#world.pause(pause)
      pause = Math.min(2 * pause, PAUSE_MS_MAX)
    }
    throw new Error(`${method} ${at} is not answered`)
  }

  async #wants(status: number, ...request: Parameters<Clients['ask']>): Promise<Answer> {
    const answer = await this.ask(...request)
    if (answer.status !== status) throw new Error(`${request[1]} ${request[2]}: ${answer.status} ${answer.text}`)
    return answer
  }

  async #uploads(name: string, bytes: Uint8Array): Promise<string> {
    const answer = await this.#wants(201, `upload ${name}`, 'POST', `/files?name=${name}.csv&analyse=false`, { body: bytes })
    return answer.json<{ id: string }>().id
  }

  async #submits(name: JobName, operation: string, input: string, spec: object): Promise<string> {
    const body = { operation, input, spec }
    const id = (await this.#wants(202, `submit ${name}`, 'POST', '/jobs', this.#withKey(name, body))).json<{ id: string }>().id
    this.#keeps(name, id)
    this.told.jobs.push({ name, key: name, body, id })
    return id
  }

  #withKey(key: string, body: object) {
    return { body, headers: { 'idempotency-key': `"${key}"` } }
  }

  #keeps(key: string, id: string): void {
    const ids = this.told.idsByKey.get(key) ?? new Set()
    this.told.idsByKey.set(key, ids.add(id))
  }

  async #cutting(): Promise<void> {
    const { many, manyWhere } = this.told.lists
    const file = await this.#uploads('many', many)
    await this.#submits('cut', 'filter', file, { where: manyWhere, ragged: 'reject', format: 'ndjson' })
    if (this.#scenario === 'calm') return
    const job = await this.#submits('canceled', 'filter', file, { where: manyWhere })
    await this.#world.pause(this.#world.scheduler.random.below(1_500))
    await this.ask('cancel', 'POST', `/jobs/${job}/cancel`)
  }

  async #counting(): Promise<void> {
    const { encoded } = this.told.lists
    const begin = { name: 'encoded.csv', bytes: encoded.length, analyse: false }
    const upload = (await this.#wants(201, 'begin upload', 'POST', '/uploads', this.#withKey('upload', begin))).json<{
      id: string
      file: string
    }>()
    for (;;) {
      await this.ask('send part', 'PUT', `/uploads/${upload.id}/parts/1`, { body: encoded })
      const completed = await this.ask('complete', 'POST', `/uploads/${upload.id}/complete`)
      if (completed.status === 200) break
      await this.#world.pause(PAUSE_MS)
    }
    await this.#submits('count', 'count', upload.file, { where: 'age > 20', head: 3, ragged: 'reject' })
  }

  async #poisoned(): Promise<void> {
    const { poisoned } = this.told.lists
    const file = await this.#uploads('poisoned', poisoned)
    const at = poisoned.length - 40
    this.#world.bucket.isPoisoned = (key, offset, length) => key.includes(file) && offset > 0 && offset <= at && at < offset + length
    await this.#submits('poisoned', 'filter', file, { where: 'age > 20' })
  }

  /** Waits until what lies in the inbox is a file that can be used. */
  async #arrived(name: string): Promise<string> {
    for (;;) {
      const page = (await this.ask(`find ${name}`, 'GET', `/files?name=${name}`)).json<{ data: { id: string; state: string }[] }>()
      const [file] = page.data
      if (file && file.state !== 'uploading') return file.id
      await this.#world.pause(5_000)
    }
  }

  async #arriving(): Promise<void> {
    const { bucket, owner } = this.#world
    bucket.put(`inbox/${owner}/arriving.csv`, this.told.lists.arriving)
    const file = await this.#arrived('arriving.csv')
    for (;;) {
      const page = (await this.ask('find analysis', 'GET', `/jobs?file=${file}`)).json<{ data: { id: string }[] }>()
      const [job] = page.data
      if (job) {
        this.told.jobs.push({ name: 'arrival', key: null, body: {}, id: job.id })
        return
      }
      await this.#world.pause(5_000)
    }
  }

  async #replaced(): Promise<void> {
    const { bucket, owner } = this.#world
    const key = `inbox/${owner}/replaced.csv`
    bucket.put(key, this.told.lists.replaced)
    const file = await this.#arrived('replaced.csv')
    const submitted = await this.ask('submit replaced', 'POST', '/jobs', this.#withKey('replaced', this.#replacedJob(file)))
    if (submitted.status !== 202) throw new Error(submitted.text)
    this.#keeps('replaced', submitted.json<{ id: string }>().id)
    this.told.jobs.push({ name: 'replaced', key: 'replaced', body: this.#replacedJob(file), id: submitted.json<{ id: string }>().id })
    await this.#world.pause(this.#world.scheduler.random.below(2_000))
    bucket.put(key, this.told.lists.replacement)
  }

  #replacedJob(input: string) {
    return { operation: 'filter', input, spec: { where: 'age > 0' } }
  }

  /** Uploads that come to nothing: one is given up, one forgotten. */
  async #abandoning(): Promise<void> {
    for (const key of ['given up', 'forgotten']) {
      const begun = await this.#wants(
        201,
        `begin ${key}`,
        'POST',
        '/uploads',
        this.#withKey(key, { name: 'never.csv', bytes: 10, analyse: false }),
      )
      const { id } = begun.json<{ id: string }>()
      await this.ask(`send ${key}`, 'PUT', `/uploads/${id}/parts/1`, { body: new Uint8Array(10).fill(65) })
      if (key === 'given up') await this.#wants(204, 'give up', 'DELETE', `/uploads/${id}`)
    }
  }

  async #asksAgain(job: SubmittedJob): Promise<void> {
    if (job.key) {
      const answer = await this.#wants(202, `again ${job.name}`, 'POST', '/jobs', this.#withKey(job.key, job.body))
      this.#keeps(job.key, answer.json<{ id: string }>().id)
    }
    await this.#wants(200, `read ${job.name}`, 'GET', `/jobs/${job.id}`)
  }

  /** Reads the profile twice (the second time from the cache), and deletes what a job made of a list, and a list. */
  async #tidies(): Promise<void> {
    const jobOf = (name: JobName) => this.told.jobs.find((job) => job.name === name)
    const arrival = jobOf('arrival')
    if (arrival) {
      const file = this.#world.rows<{ input_file: string }>('SELECT input_file FROM jobs WHERE id = ?1', arrival.id)[0]!.input_file
      for (let i = 0; i < 2; i++) await this.ask('read profile', 'GET', `/files/${file}/profile`)
    }
    const count = jobOf('count')
    const input = count && (count.body as { input: string }).input
    if (!input) return
    await this.#wants(204, 'delete', 'DELETE', `/files/${input}`)
    this.told.deleted.push(input)
  }
}
