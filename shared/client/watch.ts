/** What is becoming of a job? Follows it to its end; the service holds each question until the job has ended or a moment has passed. */
import { LIMITS } from '../base/limits.ts'
import type { Api, JobInfo } from './api.ts'

const ENDED = new Set<JobInfo['state']>(['succeeded', 'failed', 'canceled', 'expired'])

/** True when nothing about the job will change any more. */
export const hasEnded = (job: JobInfo): boolean => ENDED.has(job.state)

/** The job as it ended, however it ended. `onProgress` is told of every state seen on the way. Throws ClientError when the service is out of reach. */
export const watchJob = async (api: Api, id: string, onProgress: (job: JobInfo) => void = () => {}): Promise<JobInfo> => {
  for (;;) {
    const job = await api.job(id, LIMITS.clientWaitS)
    onProgress(job)
    if (hasEnded(job)) return job
  }
}
