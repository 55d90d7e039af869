/** The keys of the bucket, both directions. A user's text is never part of a key that we make; the inbox's keys are made by others. */
import { type FileId, isId, type JobId, type UserId } from '../base/ids.ts'

/** `files/{owner}/{file}/{version}`: the bytes of a file. Versions differ so that a lost race leaves an orphan and never another file's bytes. */
export const fileKey = (owner: UserId, file: FileId, version: string): string => `files/${owner}/${file}/${version}`

/**
 * The version of a file that a job made, in its key: whose it is can be read off it, so that one that no row names can be told from one whose row is still to come.
 * `n`: the fence of whoever wrote it at once; `m1`, `m2`, … for those that several messages put together.
 */
export const jobVersion = (job: JobId, n: number | `m${number}`): string => `${job}.${n}`

/** The job that made the object of this version; null: none did. */
const jobOfVersion = (version: string): JobId | null => {
  const [job = ''] = version.split('.')
  return isId('job', job) ? job : null
}

/** What a chunk can leave in the bucket. */
export type WorkKind = 'output' | 'rejects' | 'state'

/** `work/{job}/{chunk}/{fence}.{kind}`: what a chunk left, until its job is finished. */
export const workKey = (job: JobId, chunk: number, fence: number, kind: WorkKind): string => `work/${job}/${chunk}/${fence}.${kind}`

/** `work/{job}/joined/{fence}.state`: the states of a job's first chunks as one, where joining them all takes several messages. */
export const joinedKey = (job: JobId, fence: number): string => `work/${job}/joined/${fence}.state`

/** `work/{job}/input/{fence}`: a job's input, unpacked and decoded, until the job has ended. */
export const inputKey = (job: JobId, fence: number): string => `work/${job}/input/${fence}`

/** What the keys of a job's work begin with; null: of any job's. */
export const workPrefix = (job: JobId | null): string => (job === null ? 'work/' : `work/${job}/`)

/** Whose work lies under this key; null: it is none of ours. */
export const jobOfWorkKey = (key: string): JobId | null => {
  const [place, job = ''] = key.split('/')
  return place === 'work' && isId('job', job) ? job : null
}

/** `profiles/{file}/{etag}/{version}.json`: what a job that analysed found. */
export const profileKey = (file: FileId, etag: string, version: string): string => `profiles/${file}/${etag}/${version}.json`

/** The job that wrote the object under this key, and the file whose row would name it; null: no job did. */
export const madeByJob = (key: string): { readonly file: FileId; readonly job: JobId } | null => {
  const [place, ...rest] = key.split('/')
  const [file = '', version = ''] = place === 'profiles' ? [rest[0], rest[2]] : [rest[1], rest[2]]
  const job = place === 'profiles' || place === 'files' ? jobOfVersion(version) : null
  return job && isId('file', file) ? { file, job } : null
}

/** True where the bucket tells of changes. */
export const notifies = (key: string): boolean => key.startsWith('files/') || key.startsWith('inbox/')

export type PlacedObject =
  | { readonly place: 'files'; readonly owner: UserId; readonly file: FileId; readonly version: string }
  | { readonly place: 'inbox'; readonly owner: UserId; readonly name: string }

/** What a key means; null for keys that are none of ours. */
export const parseKey = (key: string): PlacedObject | null => {
  const [place, owner, ...rest] = key.split('/')
  if (owner === undefined || !isId('user', owner)) return null
  if (place === 'inbox') {
    const name = rest.at(-1)
    return name ? { place, owner, name } : null
  }
  const [file, version, ...more] = rest
  if (place !== 'files' || more.length > 0 || !file || !version || !isId('file', file)) return null
  return { place, owner, file, version }
}
