/** What can be asked? One method for each route that a program needs, with the types of the answers. */

import type { Profile } from '../csv/profile/view.ts'
import type { DialectHints } from '../csv/sniff/sniff.ts'
import type { fileView } from '../files/file.ts'
import type { uploadView } from '../files/upload.ts'
import type { jobView } from '../jobs/job.ts'
import { type Http, type HttpOptions, makeHttp } from './http.ts'

export type FileInfo = ReturnType<typeof fileView>
export type UploadInfo = ReturnType<typeof uploadView>
export type JobInfo = ReturnType<typeof jobView>

/** What a job that succeeded has found; `file` and its facts where its operation makes a file, `head` and its kind where it counts. */
export interface JobResult {
  readonly file?: string | null
  readonly bytes?: number | null
  readonly rows?: number
  readonly sha256?: string | null
  readonly head?: string
  readonly head_rows?: number
  readonly head_truncated?: boolean
}

export interface LineageEdge {
  readonly parent: string
  readonly child: string
  readonly kind: string
  readonly operation: string
  readonly spec_sha256: string
  readonly engine_version: string
}

export interface Lineage {
  readonly nodes: readonly { readonly id: string; readonly name: string | null }[]
  readonly edges: readonly LineageEdge[]
}

/** What may be said about a file when it is handed over. */
export interface FileOptions {
  readonly tags?: readonly string[]
  /** False: no automatic analysis. */
  readonly analyse?: boolean
  readonly hints?: DialectHints
}

export interface NewJob {
  readonly operation: string
  readonly input: string
  readonly spec: Readonly<Record<string, unknown>>
  readonly name?: string
}

export interface NewUpload extends FileOptions {
  readonly name: string
  readonly bytes: number
}

export interface Page<T> {
  readonly data: readonly T[]
  readonly next_cursor?: string
}

/** The hints that were given, by their names in the API. */
const givenHints = (hints: DialectHints = {}): Record<string, string | boolean> =>
  Object.fromEntries(Object.entries(hints).flatMap(([name, value]) => (value === undefined ? [] : [[name, value ?? 'none']])))

const fileQuery = ({ tags, analyse, hints }: FileOptions) => ({
  ...(tags?.length ? { tags: tags.join(',') } : {}),
  ...(analyse === undefined ? {} : { analyse }),
  ...givenHints(hints),
})

const V1 = '/api/v1'

export const makeApi = (options: HttpOptions) => {
  const http: Http = makeHttp(options)
  return {
    health: () => http.json<{ status: string; version: string }>(`${V1}/health`),

    /** A file in one request. Not repeated when the connection breaks: the first may have arrived. */
    createFile: (body: Blob, name: string, file: FileOptions = {}) => {
      const query = { name, ...fileQuery(file) }
      return http.json<FileInfo>(`${V1}/files`, {
        method: 'POST',
        body,
        query,
        headers: { 'content-type': 'text/csv' },
        isRepeatable: 'when_refused',
      })
    },
    file: (id: string) => http.json<FileInfo>(`${V1}/files/${id}`),
    files: (query: { name?: string; state?: string; page_size?: number; cursor?: string } = {}) =>
      http.json<Page<FileInfo>>(`${V1}/files`, { query }),
    profile: (id: string) => http.json<Profile>(`${V1}/files/${id}/profile`),
    lineage: (id: string, query: { direction: 'ancestors' | 'descendants' | 'both'; depth?: number }) =>
      http.json<Lineage>(`${V1}/files/${id}/lineage`, { query }),
    /** `cancel`: the jobs that read it are canceled first. Deleting what is deleted is fine. */
    deleteFile: (id: string, query: { cancel?: boolean } = {}) => http.open(`${V1}/files/${id}`, { method: 'DELETE', query }),
    /** The file's bytes, to be streamed. */
    content: (id: string) => http.open(`${V1}/files/${id}/content`, { headers: { accept: '*/*' } }),

    createUpload: ({ name, bytes, tags, analyse, hints }: NewUpload, idempotencyKey: string) =>
      http.json<UploadInfo>(`${V1}/uploads`, {
        method: 'POST',
        json: { name, bytes, ...(tags ? { tags } : {}), ...(analyse === undefined ? {} : { analyse }), ...hints },
        headers: { 'idempotency-key': idempotencyKey },
      }),
    putPart: (id: string, number: number, body: Blob, signal?: AbortSignal) =>
      http.open(`${V1}/uploads/${id}/parts/${number}`, { method: 'PUT', body, ...(signal ? { signal } : {}) }),
    completeUpload: (id: string) => http.json<unknown>(`${V1}/uploads/${id}/complete`, { method: 'POST', isRepeatable: true }),
    abortUpload: (id: string) => http.open(`${V1}/uploads/${id}`, { method: 'DELETE', isCleanup: true }),

    createJob: (job: NewJob, idempotencyKey: string) =>
      http.json<JobInfo>(`${V1}/jobs`, { method: 'POST', json: job, headers: { 'idempotency-key': idempotencyKey } }),
    /** The job now, or as soon as it has ended within `waitS` seconds. */
    job: (id: string, waitS = 0) => http.json<JobInfo>(`${V1}/jobs/${id}`, waitS > 0 ? { headers: { prefer: `wait=${waitS}` } } : {}),
    jobs: (query: { file?: string; operation?: string; state?: string; page_size?: number; cursor?: string } = {}) =>
      http.json<Page<JobInfo>>(`${V1}/jobs`, { query }),
    /** Canceling what has ended changes nothing. */
    cancelJob: (id: string) => http.json<JobInfo>(`${V1}/jobs/${id}/cancel`, { method: 'POST', isRepeatable: true, isCleanup: true }),
    /** Deletes the files that a job made. `cancel`: the jobs that read them are canceled first. Doing it again is fine. */
    rollbackJob: (id: string, query: { cancel?: boolean } = {}) =>
      http.json<JobInfo>(`${V1}/jobs/${id}/rollback`, { method: 'POST', isRepeatable: true, query }),
  }
}

export type Api = ReturnType<typeof makeApi>
