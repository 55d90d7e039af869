/**
 * What happened: the table of domain events. An event is inserted in the batch of the change it tells, so there is never one without the other.
 * `evt_{job}_end` is derived from the job: a job has one end.
 */
import type { EventId, FileId, Ids, JobId, UserId } from '../base/ids.ts'

/** Kind -> one sentence for people. */
export const EVENTS = {
  'file.ready': 'A file was looked at and can be used.',
  'file.rejected': 'A file is not a CSV that can be used.',
  'file.deleted': 'A file was deleted.',
  'file.missing': 'The bytes of a file vanished or were replaced from outside.',
  'job.started': 'A job was cut into chunks.',
  'job.succeeded': 'A job is done; its result is there.',
  'job.failed': 'A job ended without a result.',
  'job.canceled': 'A job was canceled.',
  'job.expired': 'A job was not done in time.',
  'job.rolled_back': 'The files that a job had made were taken back.',
} as const

export type EventKind = keyof typeof EVENTS

export interface DomainEvent {
  readonly id: EventId
  readonly owner: UserId
  readonly kind: EventKind
  readonly subject: FileId | JobId
  /** Ids and counts only. */
  readonly payload: Readonly<Record<string, unknown>>
  readonly requestId: string | null
}

/** A new event. */
export const makeEvent = (ids: Ids, event: Omit<DomainEvent, 'id'>): DomainEvent => ({ id: ids.make('evt'), ...event })

/** The id of the one event that tells that a job was rolled back. */
export const rollbackEventId = (job: JobId): EventId => `evt_${job}_rolled_back` as EventId

/** The id of the one event that tells a job's end. */
export const endEventId = (job: JobId): EventId => `evt_${job}_end` as EventId
