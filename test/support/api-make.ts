/** States that the API shows and others make: a file that was looked at, an edge, a job. Made by the same statements as in life, or by a row where there is no short way. */

import { systemClock } from '../../shared/base/clock.ts'
import { type FileId, type JobId, makeIds } from '../../shared/base/ids.ts'
import { canonicalJson, jsonSha256 } from '../../shared/base/json.ts'
import { systemRandom } from '../../shared/base/random.ts'
import { dialectView } from '../../shared/csv/dialect.ts'
import { stmt } from '../../shared/db/db.ts'
import { firstBytesOf } from '../../shared/files/content.ts'
import { findFile } from '../../shared/files/file.sql.ts'
import { hintsOf } from '../../shared/files/file.ts'
import { lookAt } from '../../shared/files/look.ts'
import { profileKey } from '../../shared/files/object-key.ts'
import { storedFile } from '../../shared/files/own.ts'
import { markReady, markRejected } from '../../shared/files/settle.sql.ts'
import { insertEdgeIfChanged } from '../../shared/lineage/edge.sql.ts'
import { type Client, ports } from './api-client.ts'

export const ids = makeIds(systemClock, systemRandom)

const stored = async (client: Client, id: string) => storedFile((await findFile(ports.db, client.id, id as FileId))!)

/** Looks at a stored file as the processor would. */
export const settle = async (client: Client, id: string): Promise<void> => {
  const file = await stored(client, id)
  const bytes = await firstBytesOf(ports, file)
  const found = await lookAt(
    { bytes: bytes.subarray(0, 65_536), isWhole: bytes.length === file.bytes && bytes.length <= 65_536 },
    hintsOf(file),
    65_536,
  )
  if (!found.ok) throw new Error(found.problem.detail)
  await ports.db.run(markReady(file.id, file.etag, { dialect: dialectView(found.dialect), columns: found.columns, notes: found.notes }, 1))
}

export const reject = async (client: Client, id: string): Promise<void> => {
  const file = await stored(client, id)
  await ports.db.run(markRejected(file.id, file.etag, { code: 'not_csv', detail: 'This is a picture.' }, 1))
}

/** Puts a profile where analyse would. */
export const profile = async (client: Client, id: string, body: object): Promise<void> => {
  const file = await stored(client, id)
  const key = profileKey(file.id, file.etag, '1')
  await ports.store.put(key, new TextEncoder().encode(JSON.stringify(body)))
  await ports.db.run(stmt(`UPDATE files SET profile_key = ?2, profile = '{}', rows = 2 WHERE id = ?1`, file.id, key))
}

/** A job of the client's on this file, in this state. */
export const job = async (client: Client, file: string, state = 'succeeded'): Promise<JobId> => {
  const id = ids.make('job')
  const hasEnded = !['queued', 'running', 'finalizing', 'canceling'].includes(state)
  await ports.db.run(
    stmt(
      `INSERT INTO jobs (id, owner_id, state, operation, input_file, input_etag, input_bytes, spec, spec_sha256, engine_version, cause, created_at, ended_at, expires_at)
       VALUES (?1, ?2, ?3, 'filter', ?4, 'e', 1, '{}', 'x', '0', 'request', 1, ?5, 9999999999999)`,
      id,
      client.id,
      state,
      file,
      hasEnded ? 2 : null,
    ),
  )
  return id
}

/** An edge between two files of the client's. */
export const edge = async (client: Client, parent: string, child: string): Promise<void> => {
  const spec = { where: 'age > 60' }
  const drawn = {
    owner: client.id,
    parent: parent as FileId,
    child: child as FileId,
    job: await job(client, parent),
    kind: 'CUT_FROM' as const,
    operation: 'filter',
    spec: canonicalJson(spec),
    specSha256: jsonSha256(spec),
    engineVersion: '0.1.0+twin',
    inputEtag: 'e',
  }
  await ports.db.batch([stmt(`UPDATE users SET name = name WHERE id = ?1`, client.id), insertEdgeIfChanged(drawn, 5)])
}

/** How many rows of the client's a table holds. */
export const count = async (client: Client, table: 'files' | 'uploads' | 'jobs' | 'events'): Promise<number> =>
  (await ports.db.first<{ n: number }>(stmt(`SELECT count(*) AS n FROM ${table} WHERE owner_id = ?1`, client.id)))!.n

/** Keys of the client's objects. */
export const objects = async (client: Client): Promise<string[]> =>
  (await ports.store.list(`files/${client.id}/`, null, 100)).objects.map((object) => object.key)
