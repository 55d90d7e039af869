/**
 * Looks at a stored file once and says what it is: ready, with its dialect and columns, or rejected. The change, its event and the automatic analysis commit together.
 * Both the storage event and the planner of a job that came first do it; whoever is second changes nothing.
 */
import { assert } from '../base/assert.ts'
import { LIMITS } from '../base/limits.ts'
import { dialectView } from '../csv/dialect.ts'
import { type DialectHints, SECOND_LOOK_BYTES, type Sniffed } from '../csv/sniff/sniff.ts'
import { insertEventIfChanged } from '../events/event.sql.ts'
import { makeEvent } from '../events/event.ts'
import { sendKept } from '../events/outbox.ts'
import { readAll } from '../files/blocks.ts'
import { type FileRow, hintsOf } from '../files/file.ts'
import { lookAt } from '../files/look.ts'
import { markReady, markRejected } from '../files/settle.sql.ts'
import type { Ports } from '../ports.ts'
import { arrivalAnalysis } from './create.ts'

/** The first bytes of a version of an object; null: it is gone or has changed. */
const firstBytes = async (ports: Ports, key: string, etag: string, length: number): Promise<Uint8Array | null> => {
  if (length === 0) return new Uint8Array(0)
  const stream = await ports.store.read(key, etag, { offset: 0, length })
  return stream && readAll(stream, length)
}

/** What the first bytes of a file say. Null: the object is gone or has changed. A header record longer than the usual sample gets a second, longer look. */
export const sniffObject = async (ports: Ports, file: FileRow, hints: DialectHints): Promise<Sniffed | null> => {
  const first = await look(ports, file, hints, LIMITS.sniffBytes)
  return first && !first.ok && first.needMore ? look(ports, file, hints, SECOND_LOOK_BYTES) : first
}

const look = async (ports: Ports, { object_key, etag, bytes }: FileRow, hints: DialectHints, length: number): Promise<Sniffed | null> => {
  assert(etag !== null && bytes !== null, 'a stored file has an etag and a size')
  const sample = await firstBytes(ports, object_key, etag, Math.min(bytes, length))
  return sample && lookAt({ bytes: sample, isWhole: sample.length === bytes }, hints, length)
}

/** A result that is no CSV has no dialect to find: what is known of it stands in its row since it was made. */
const settleOther = async (ports: Ports, file: FileRow): Promise<void> => {
  assert(file.etag !== null && file.columns !== null, 'a result that is no CSV has an etag and its columns')
  const now = ports.clock.now()
  const columns = JSON.parse(file.columns) as string[]
  const payload = { file: file.id, columns: columns.length }
  const ready = makeEvent(ports.ids, { owner: file.owner_id, subject: file.id, kind: 'file.ready', payload, requestId: null })
  const notes = [`One JSON ${file.format === 'ndjson' ? 'object' : 'array'} a line: to be downloaded; jobs and profiles take CSV.`]
  await ports.db.batch([markReady(file.id, file.etag, { dialect: null, columns, notes }, now), insertEventIfChanged(ready, now)])
}

/** stored -> ready or rejected. Does nothing for a file in another state, or whose object has changed (its own storage event tells that). */
export const settleFile = async (ports: Ports, file: FileRow): Promise<void> => {
  if (file.state !== 'stored') return
  if (file.format !== 'csv') return settleOther(ports, file)
  const sniffed = await sniffObject(ports, file, hintsOf(file))
  if (!sniffed) return
  const now = ports.clock.now()
  const about = { owner: file.owner_id, subject: file.id, requestId: null }
  assert(file.etag !== null, 'a stored file has an etag')
  if (!sniffed.ok) {
    const rejected = makeEvent(ports.ids, { ...about, kind: 'file.rejected', payload: { file: file.id, code: sniffed.problem.code } })
    await ports.db.batch([markRejected(file.id, file.etag, sniffed.problem, now), insertEventIfChanged(rejected, now)])
    return
  }
  const ready = makeEvent(ports.ids, { ...about, kind: 'file.ready', payload: { file: file.id, columns: sniffed.columns.length } })
  const analysis = arrivalAnalysis(ports, file, now)
  const shape = { dialect: dialectView(sniffed.dialect), columns: sniffed.columns, notes: sniffed.notes }
  const outcomes = await ports.db.batch([
    markReady(file.id, file.etag, shape, now),
    insertEventIfChanged(ready, now),
    ...(analysis?.statements ?? []),
  ])
  if (analysis && outcomes.at(-1)?.changes === 1) await sendKept(ports, [analysis.message])
}
