/**
 * What travels on the queues: ids, never data, for the database is the truth. A body of a version we do not know is tried again later: newer code may be live beside older.
 */
import { z } from 'zod'
import { isId, type JobId } from '../base/ids.ts'

const jobId = z.custom<JobId>((value) => typeof value === 'string' && isId('job', value))

/** What R2 says about an object; exactly the body of its event notifications. `eTag` and `size` are absent for deletes. */
export const storageEvent = z.object({
  account: z.string(),
  bucket: z.string(),
  action: z.enum(['PutObject', 'CopyObject', 'CompleteMultipartUpload', 'DeleteObject', 'LifecycleDeletion']),
  object: z.object({ key: z.string(), size: z.number().optional(), eTag: z.string().optional() }),
  eventTime: z.string(),
})
export type StorageEvent = z.infer<typeof storageEvent>

/** A step of a job: cut it into chunks, join those that are done, or make its result. */
export const jobMessage = z.object({ v: z.literal(1), kind: z.enum(['plan', 'join', 'finish']), job: jobId })
export type JobMessage = z.infer<typeof jobMessage>

/** Run chunk `k` of a job. */
export const chunkMessage = z.object({ v: z.literal(1), job: jobId, k: z.int().min(0) })
export type ChunkMessage = z.infer<typeof chunkMessage>

/** Queue -> what it carries. */
export const QUEUES = {
  'file-events': storageEvent,
  jobs: jobMessage,
  chunks: chunkMessage,
} as const

export type QueueName = keyof typeof QUEUES
export type MessageOf<Q extends QueueName> = z.infer<(typeof QUEUES)[Q]>
