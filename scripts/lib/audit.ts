/** Is anything left over, or missing? Reads database and bucket as they lie on disk, when nobody uses them any more. */
import path from 'node:path'
import { getPlatformProxy } from 'wrangler'
import { type Db, d1 } from '../../shared/db/db.ts'
import { filesOfNoJob, jobsWithoutOneEnd, objectsOfFiles, tallies, workLeft } from './audit.sql.ts'
import { ROOT, statePlaces } from './places.mjs'

export interface Audit {
  /** A line for each thing that should not be. */
  readonly findings: readonly string[]
  readonly tally: Counts
}

interface FileObject {
  readonly id: string
  readonly state: string
  readonly object_key: string
  readonly etag: string | null
  readonly bytes: number | null
  readonly profile_key: string | null
}

type Counts = Readonly<Record<string, number>>

const allObjects = async (bucket: R2Bucket): Promise<Map<string, R2Object>> => {
  const found = new Map<string, R2Object>()
  for (let cursor: string | undefined; ; ) {
    const page = await bucket.list(cursor === undefined ? {} : { cursor })
    for (const object of page.objects) found.set(object.key, object)
    if (!page.truncated) return found
    cursor = page.cursor
  }
}

/** Objects that no row names, and rows whose object is not there as they say. */
const objectFindings = async (db: Db, bucket: R2Bucket): Promise<string[]> => {
  const objects = await allObjects(bucket)
  const files = await db.all<FileObject>(objectsOfFiles())
  const named = new Set(files.flatMap(({ object_key, profile_key }) => [object_key, profile_key]))
  const orphans = [...objects.keys()].filter((key) => !named.has(key)).map((key) => `object without a row: ${key}`)
  const missing = files
    .filter(({ object_key, etag, bytes }) => objects.get(object_key)?.etag !== etag || objects.get(object_key)?.size !== bytes)
    .map(({ id, state }) => `file without its object: ${id} (${state})`)
  const profiles = files.filter(({ profile_key }) => profile_key !== null && !objects.has(profile_key))
  return [...orphans, ...missing, ...profiles.map(({ id }) => `file without its profile's object: ${id}`)]
}

const databaseFindings = async (db: Db): Promise<string[]> => {
  const ends = await db.all<{ id: string }>(jobsWithoutOneEnd())
  const files = await db.all<{ id: string }>(filesOfNoJob())
  const work = (await db.first<Counts>(workLeft())) ?? {}
  return [
    ...ends.map(({ id }) => `job without exactly one end: ${id}`),
    ...files.map(({ id }) => `file of no job, or without its one edge: ${id}`),
    ...Object.entries(work).flatMap(([what, count]) => (count > 0 ? [`${what}: ${count}`] : [])),
  ]
}

/** Looks through the state of this process's service, which has ended. */
export const audit = async (): Promise<Audit> => {
  // Where it finds its secrets is nothing for our stdout.
  process.env.WRANGLER_LOG = 'error'
  const proxy = await getPlatformProxy<{ DB: D1Database; BUCKET: R2Bucket }>({
    configPath: path.join(ROOT, 'wrangler.api.toml'),
    persist: { path: path.join(statePlaces().state, 'v3') },
    remoteBindings: false,
  })
  try {
    const db = d1(proxy.env.DB)
    const tally = (await db.first<Counts>(tallies())) ?? {}
    return { findings: [...(await databaseFindings(db)), ...(await objectFindings(db, proxy.env.BUCKET))], tally }
  } finally {
    await proxy.dispose()
  }
}
