/** A lineage fact: this file came from that file, by that job. It stays when either file is deleted. */

import { isoTime } from '../base/clock.ts'
import { derivedId, type EdgeId, type FileId, type JobId, type UserId } from '../base/ids.ts'

/** `CUT_FROM`: rows of the parent, as they were (filter, split, dedupe). `DERIVED_FROM`: anything else. */
export type EdgeKind = 'CUT_FROM' | 'DERIVED_FROM'

export interface NewEdge {
  readonly owner: UserId
  readonly parent: FileId
  readonly child: FileId
  readonly job: JobId
  readonly kind: EdgeKind
  readonly operation: string
  /** Canonical JSON. */
  readonly spec: string
  readonly specSha256: string
  readonly engineVersion: string
  readonly inputEtag: string
}

/** A row of `edges`. */
export interface EdgeRow {
  readonly id: EdgeId
  readonly parent_file: FileId
  readonly child_file: FileId
  readonly job_id: JobId
  readonly kind: EdgeKind
  readonly operation: string
  readonly spec: string
  readonly spec_sha256: string
  readonly engine_version: string
  readonly input_etag: string
  readonly created_at: number
  /** When its job's files were taken back. */
  readonly rolled_back_at: number | null
}

/** The id of the one edge between these two by this job. */
export const edgeId = (parent: FileId, child: FileId, job: JobId): EdgeId => derivedId('edge', `${parent} ${child} ${job}`)

/** An edge as the API shows it. */
export const edgeView = (edge: EdgeRow) => ({
  id: edge.id,
  kind: edge.kind,
  parent: edge.parent_file,
  child: edge.child_file,
  job: edge.job_id,
  operation: edge.operation,
  spec: JSON.parse(edge.spec) as unknown,
  spec_sha256: edge.spec_sha256,
  engine_version: edge.engine_version,
  input_etag: edge.input_etag,
  created_at: isoTime(edge.created_at)!,
  rolled_back_at: isoTime(edge.rolled_back_at),
})
