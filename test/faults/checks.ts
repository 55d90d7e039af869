/** The invariants that are checked once nothing is left to happen: the end of a run against the oracle, the rows against each other, the bucket against the rows. */
import { LIMITS } from '../../shared/base/limits.ts'
import type { Sets } from './invariants.ts'
import { isEtagOf } from './memory-r2.ts'
import { compareRows, type Expected, expectedOf } from './oracle.ts'
import type { JobName, Told } from './scenario.ts'
import { TINY, type World } from './world.ts'

/** `analysis`: of whatever else arrived, what jobs made included. */
type AnyJobName = JobName | 'analysis'

export interface EndedJob {
  readonly id: string
  readonly state: string
  readonly operation: string
  readonly cause: string
  readonly input_file: string
  readonly input_etag: string
  readonly spec: string
  readonly chunks_total: number
  readonly chunks_done: number
  readonly rows_in: number
  readonly rows_out: number
  readonly rows_filtered: number
  readonly rows_rejected: number
  readonly blank_lines: number
  readonly result_file: string | null
  readonly rejects_file: string | null
  readonly result: string | null
  readonly error: string | null
}

interface KeptFile {
  readonly id: string
  readonly state: string
  readonly object_key: string
  readonly etag: string | null
  readonly profile_key: string | null
  readonly job_id: string | null
}

/** Name -> the states that a job may end in. What is canceled may have been done before, and so may what reads a list that is replaced. */
const ENDS: Readonly<Record<AnyJobName, readonly string[]>> = {
  cut: ['succeeded'],
  count: ['succeeded'],
  canceled: ['canceled', 'succeeded'],
  poisoned: ['failed'],
  replaced: ['failed', 'succeeded'],
  arrival: ['succeeded'],
  analysis: ['succeeded', 'failed'],
}

/** Failures that say that the world failed as often as a job may be tried: nobody's fault where faults are that many. */
const WORN_OUT = new Set(['chunk_failed', 'overloaded', 'storage_unavailable'])

/** The message of newer code; and what a duty of the tick says when the world failed it. */
const isForeseen = (line: string): boolean =>
  / message unknown |"code":"not_yet"|(overloaded|storage_unavailable): |Queue send failed|Network connection lost/.test(line)

export interface CheckOptions {
  /** True: faults are so many that a job may fail because each of its tries did. */
  readonly mayWearOut: boolean
}

export class Checks {
  readonly sets: Sets = { lost: [], duplicated: [], unexpected: [], recovered: [] }
  readonly #world: World
  readonly #told: Told
  readonly #options: CheckOptions

  constructor(world: World, told: Told, options: CheckOptions) {
    this.#world = world
    this.#told = told
    this.#options = options
  }

  #expect(holds: boolean, ...violation: [Parameters<World['violations']['add']>[0], string]): void {
    this.#world.violations.expect(holds, ...violation)
  }

  #job(id: string): EndedJob | undefined {
    return this.#world.rows<EndedJob>('SELECT * FROM jobs WHERE id = ?1', id)[0]
  }

  /** All that can be said once the jobs have ended and the clients have what they wanted. */
  jobs(): void {
    for (const { name, id } of this.#all()) this.#submitted(name, id)
    this.#idempotency()
    this.#counts()
    this.#edges()
  }

  /** The jobs that somebody knows of, and the analyses that come by themselves. */
  #all(): { readonly name: AnyJobName; readonly id: string }[] {
    const ids = new Set(this.#told.jobs.map(({ id }) => id))
    const others = this.#world.rows<EndedJob>("SELECT id FROM jobs WHERE cause = 'arrival' ORDER BY id").filter(({ id }) => !ids.has(id))
    return [...this.#told.jobs, ...others.map(({ id }) => ({ name: 'analysis' as const, id }))]
  }

  #submitted(name: AnyJobName, id: string): void {
    const job = this.#job(id)
    if (!job) {
      this.sets.lost.push(`job ${name}`)
      this.#expect(false, 'every_job_ends', `job ${name} is gone`)
      return
    }
    const code = job.error ? (JSON.parse(job.error) as { code: string }).code : null
    const isWornOut =
      this.#options.mayWearOut && job.state === 'failed' && WORN_OUT.has(code ?? '') && this.#world.watch.triesOf(id) >= LIMITS.attemptsMax
    const isRight = ENDS[name].includes(job.state) || isWornOut
    if (!isRight) {
      this.sets.lost.push(`end of ${name}`)
      this.#expect(false, 'every_job_ends', `job ${name} ended ${job.state}${code ? ` (${code})` : ''}, not ${ENDS[name].join(' or ')}`)
    }
    if (job.state === 'failed' && name === 'poisoned') this.#poisoned(job, code)
    if (job.state === 'failed' && (name === 'replaced' || name === 'analysis') && !isWornOut)
      this.#expect(code === 'input_changed', 'one_version', `job ${name} failed by ${code}, not by input_changed`)
    if (job.state === 'succeeded') this.#succeeded(name, job)
    this.#end(name, job)
  }

  #poisoned(job: EndedJob, code: string | null): void {
    const [row] = this.#world.rows<{ k: number; attempt_count: number }>(
      "SELECT k, attempt_count FROM chunks WHERE job_id = ?1 AND state = 'failed'",
      job.id,
    )
    const said = JSON.parse(job.error!) as { chunk?: number }
    if (this.#options.mayWearOut && !row) return
    this.#expect(
      row !== undefined && row.attempt_count >= LIMITS.attemptsMax && said.chunk === row.k,
      'attempts_are_counted',
      `job poisoned failed by ${code} after ${row?.attempt_count} tries of chunk ${said.chunk}`,
    )
  }

  #end(name: AnyJobName, job: EndedJob): void {
    const events = this.#world.rows<{ kind: string }>("SELECT kind FROM events WHERE subject = ?1 AND kind <> 'job.started'", job.id)
    if (events.length === 0) this.sets.lost.push(`event of ${name}`)
    if (events.length > 1) this.sets.duplicated.push(`event of ${name}`)
    this.#expect(
      events.length === 1 && events[0]?.kind === `job.${job.state}`,
      'one_end_event',
      `job ${name} is ${job.state} and has events ${events.map(({ kind }) => kind)}`,
    )
  }

  /** The bytes that had this etag. */
  #inputOf(etag: string): Uint8Array | undefined {
    const { many, encoded, poisoned, replaced, replacement, arriving } = this.#told.lists
    const all = [
      many,
      encoded,
      poisoned,
      replaced,
      replacement,
      arriving,
      ...[...this.#world.bucket.objects.values()].map(({ bytes }) => bytes),
    ]
    return all.find((bytes) => isEtagOf(etag, bytes))
  }

  #succeeded(name: AnyJobName, job: EndedJob): void {
    const input = this.#inputOf(job.input_etag)
    this.#expect(input !== undefined, 'one_version', `job ${name} succeeded on bytes that nobody has put there`)
    if (!input) return
    const expected = expectedOf(job.operation, JSON.parse(job.spec) as object, input, {
      file: job.input_file,
      etag: job.input_etag,
      recordBytesMax: TINY.recordBytesMax,
    })
    const invariant = name === 'replaced' ? 'one_version' : 'output_equals_oracle'
    for (const [what, bytes, file] of [
      ['output', expected.output, job.result_file],
      ['rejects', expected.rejects, job.rejects_file],
    ] as const) {
      const actual = file === null ? null : this.#bytesOf(file)
      const isEqual = bytes === null || actual === null ? bytes === actual : Buffer.compare(bytes, actual) === 0
      if (isEqual) continue
      const sets = compareRows(`${name} ${what}`, bytes ?? new Uint8Array(0), actual ?? new Uint8Array(0))
      for (const set of ['lost', 'duplicated', 'unexpected'] as const) this.sets[set].push(...sets[set])
      const counts = `${sets.lost.length} rows lost, ${sets.duplicated.length} doubled, ${sets.unexpected.length} unexpected`
      this.#expect(false, invariant, `the ${what} of ${name} is not the oracle’s: ${counts}`)
    }
    this.#accounts(name, job, expected)
    this.#answer(name, job, expected)
  }

  #bytesOf(file: string): Uint8Array | null {
    const [row] = this.#world.rows<KeptFile>('SELECT * FROM files WHERE id = ?1', file)
    return (row && this.#world.bucket.objects.get(row.object_key)?.bytes) ?? null
  }

  #accounts(name: AnyJobName, job: EndedJob, expected: Expected): void {
    const actual = [job.rows_in, job.rows_out, job.rows_filtered, job.rows_rejected, job.blank_lines]
    const wanted = [expected.rowsIn, expected.rowsOut, expected.rowsFiltered, expected.rowsRejected, expected.blankLines]
    const adds = job.rows_in === job.rows_out + job.rows_filtered + job.rows_rejected
    this.#expect(
      adds && actual.join() === wanted.join(),
      'rows_add_up',
      `job ${name} has rows ${actual.join(' ')}, the oracle ${wanted.join(' ')}`,
    )
  }

  #answer(name: AnyJobName, job: EndedJob, { answer }: Expected): void {
    const given = job.operation === 'analyse' ? this.#profileOf(job) : JSON.parse(job.result ?? '{}')
    if (!given) return
    for (const [key, value] of Object.entries(answer)) {
      if (key === 'warnings') continue
      const isEqual = JSON.stringify((given as Record<string, unknown>)[key]) === JSON.stringify(value)
      this.#expect(isEqual, 'output_equals_oracle', `the answer of ${name} differs from the oracle’s in ${key}`)
    }
  }

  /** Null: the list was replaced or deleted meanwhile, and nobody keeps a profile of it. */
  #profileOf({ input_file, input_etag }: EndedJob): object | null {
    const [file] = this.#world.rows<KeptFile>('SELECT * FROM files WHERE id = ?1', input_file)
    if (!file || file.state === 'deleted' || file.etag !== input_etag) return null
    const bytes = file.profile_key ? this.#world.bucket.objects.get(file.profile_key)?.bytes : undefined
    return bytes ? (JSON.parse(Buffer.from(bytes).toString('utf8')) as object) : {}
  }

  #idempotency(): void {
    for (const [key, ids] of this.#told.idsByKey)
      this.#expect(ids.size === 1, 'same_key_same_job', `key ${key} brought jobs ${[...ids].join(', ')}`)
    const known = new Set(this.#all().map(({ id }) => id))
    for (const { id } of this.#world.rows<EndedJob>('SELECT id FROM jobs')) {
      if (known.has(id)) continue
      this.sets.duplicated.push(`job ${id}`)
      this.#expect(false, 'same_key_same_job', `job ${id} is nobody’s`)
    }
  }

  #counts(): void {
    const wrong = this.#world.rows<EndedJob>(
      `SELECT id, chunks_total, chunks_done FROM jobs WHERE chunks_total <> (SELECT count(*) FROM chunks WHERE job_id = jobs.id)
         OR chunks_done <> (SELECT count(*) FROM chunks WHERE job_id = jobs.id AND state = 'done')
         OR (state = 'succeeded' AND chunks_done <> chunks_total)`,
    )
    for (const { id, chunks_total, chunks_done } of wrong)
      this.#expect(false, 'counts_add_up', `job ${id} says ${chunks_done} of ${chunks_total} chunks are done`)
  }

  #edges(): void {
    const [made, edges] = [
      this.#world.rows<{ at: string }>(
        `SELECT input_file || ' ' || result_file || ' ' || id AS at FROM jobs WHERE result_file IS NOT NULL
         UNION ALL SELECT input_file || ' ' || rejects_file || ' ' || id FROM jobs WHERE rejects_file IS NOT NULL`,
      ),
      this.#world.rows<{ at: string }>("SELECT parent_file || ' ' || child_file || ' ' || job_id AS at FROM edges"),
    ].map((rows) => rows.map(({ at }) => at).sort())
    this.#expect(made!.join() === edges!.join(), 'one_edge', `files made: ${made!.join(', ')}; edges: ${edges!.join(', ')}`)
    const strays = this.#world.rows<KeptFile>(
      "SELECT id FROM files WHERE source = 'job' AND id NOT IN (SELECT coalesce(result_file, '') FROM jobs UNION SELECT coalesce(rejects_file, '') FROM jobs)",
    )
    for (const { id } of strays) {
      this.sets.duplicated.push(`result ${id}`)
      this.#expect(false, 'one_edge', `file ${id} was made by a job that does not know it`)
    }
  }

  /** What was struck by a fault and came to its right end all the same. */
  #recovered(): void {
    const ended = new Set(this.#all().map(({ id }) => id))
    for (const { task } of this.#world.scheduler.struck) {
      const { subject, kind } = task
      const isWell =
        kind === 'tick'
          ? this.#world.tickCount > 0
          : kind === 'request'
            ? this.#told.answered.has(subject)
            : ended.has(subject) || !subject.startsWith('job_')
      if (isWell && !this.sets.recovered.includes(`${kind} ${subject}`)) this.sets.recovered.push(`${kind} ${subject}`)
    }
  }

  /** What must be left in the bucket and the tables, after the sweeps. */
  sweeps(): void {
    const { bucket } = this.#world
    const files = this.#world.rows<KeptFile>('SELECT id, state, object_key, etag, profile_key, job_id FROM files')
    const owned = new Set(
      files
        .filter(({ state }) => state !== 'deleted')
        .flatMap(({ object_key, profile_key }) => [object_key, ...(profile_key ? [profile_key] : [])]),
    )
    for (const key of bucket.objects.keys()) {
      if (owned.has(key)) continue
      this.sets.unexpected.push(`object ${key}`)
      this.#expect(false, 'nothing_orphaned', `object ${key} is nobody’s`)
    }
    for (const { key } of bucket.openUploads) this.#expect(false, 'nothing_orphaned', `a multipart upload to ${key} is left open`)
    for (const file of files) {
      if (file.state !== 'stored' && file.state !== 'ready') {
        this.#expect(file.state !== 'uploading', 'nothing_orphaned', `file ${file.id} still waits for its bytes`)
        continue
      }
      const isThere = bucket.objects.get(file.object_key)?.etag === file.etag
      if (!isThere) this.sets.lost.push(`object ${file.object_key}`)
      this.#expect(isThere, 'nothing_orphaned', `the object of file ${file.id} is not there`)
      this.#expect(
        !file.profile_key || bucket.objects.has(file.profile_key),
        'nothing_orphaned',
        `the profile of file ${file.id} is not there`,
      )
    }
    this.#messages()
    this.#recovered()
    for (const key of bucket.overwritten) this.#expect(false, 'object_written_once', `${key} was written although it was there`)
    const crash = this.#world.lines.find(
      (line) => / error (message\.crashed|tick\.duty_failed) |"code":"internal"/.test(line) && !isForeseen(line),
    )
    this.#expect(crash === undefined, 'no_failure_of_our_own', crash ?? '')
    const cell = this.#world.lines.find((line) => line.includes('"N2,') || line.includes('name 1'))
    this.#expect(cell === undefined, 'no_secret_logged', `a line of the log holds a cell: ${cell}`)
  }

  #messages(): void {
    for (const { id, body } of this.#world.rows<{ id: string; body: string }>('SELECT id, body FROM outbox'))
      this.#expect(false, 'messages_accounted', `outbox entry ${id} never went out: ${body}`)
    const letters = new Set(
      this.#world.rows<{ message_id: string }>('SELECT message_id FROM dead_letters').map(({ message_id }) => message_id),
    )
    for (const id of this.#world.broker.dead) {
      if (!letters.has(id)) this.sets.lost.push(`dead letter ${id}`)
      this.#expect(letters.has(id), 'messages_accounted', `message ${id} was given up, and nobody kept it`)
    }
    const { keys, uploads, compositions } = this.#world.rows<{ keys: number; uploads: number; compositions: number }>(
      `SELECT (SELECT count(*) FROM idempotency) AS keys, (SELECT count(*) FROM uploads WHERE state IN ('open', 'completing')) AS uploads,
         (SELECT count(*) FROM compositions) + (SELECT count(*) FROM composed_parts) AS compositions`,
    )[0]!
    const left = keys + uploads + compositions
    this.#expect(
      left === 0,
      'nothing_orphaned',
      `${keys} keys, ${uploads} uploads and ${compositions} rows of compositions outlive their time`,
    )
  }
}
