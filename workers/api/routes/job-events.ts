/** A job's changes as they come: server-sent events, for pages that move. Programs that only want the end are better served by `Prefer: wait`. */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { SSEStreamingApi } from 'hono/streaming'
import { AppError } from '../../../shared/base/errors.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { ownJob } from '../../../shared/jobs/cancel.ts'
import { type FollowEnd, followJob } from '../../../shared/jobs/follow.ts'
import { isLive, type JobRow } from '../../../shared/jobs/job.ts'
import { endpoint, idParam } from '../endpoint.ts'
import type { Api } from '../env.ts'
import { comeBack, comment, eventStream, lastEventId } from '../http/event-stream.ts'
import { jobAnswer } from '../job-answer.ts'

export const jobEvents = new OpenAPIHono<Api>()

const id = idParam('job')

const tellOf = async (c: Context<Api>, stream: SSEStreamingApi, job: JobRow, seen: number | null): Promise<FollowEnd> => {
  await comeBack(stream, LIMITS.followAgainMs)
  const end = await followJob(c.var.ports, job, seen, {
    isGone: () => stream.aborted,
    job: async (now) => {
      await stream.writeSSE({ event: 'job.updated', id: String(now.rev), data: JSON.stringify(jobAnswer(c, now)) })
    },
    quiet: async () => {
      await comment(stream, 'still there')
    },
  })
  if (end === 'time') {
    await comment(stream, 'the time of one stream is over; come back with Last-Event-ID')
    await comeBack(stream, LIMITS.followOnMs)
  }
  return end
}

endpoint(
  jobEvents,
  {
    method: 'get',
    path: '/{id}/events',
    operationId: 'followJob',
    tag: 'jobs',
    summary: 'Follow a job by server-sent events',
    description:
      'First the job as it is, then what each change made of it: `event: job.updated`, `id:` its revision, `data:` the job. A comment each 15 seconds says that the ' +
      "stream lives. It ends after the event of the job's end, and after ten minutes; come back with `Last-Event-ID`, as browsers do by themselves, and nothing is told " +
      'twice. Changes within one second are told as one.',
    access: 'files:read',
    params: { id },
    headers: { 'Last-Event-ID': 'The last `id` that you saw: what is older is not told again.' },
    answers: {
      200: { description: 'The events.', content: ['text/event-stream'] },
      204: { description: 'The job has ended, and you have seen its end: do not come back.' },
    },
    errors: ['job_not_found'],
  },
  async (c, { params }) => {
    const { ports, principal, requestId } = c.var
    const job = await ownJob(ports, principal.userId, params.id)
    const seen = lastEventId(c)
    if (seen === job.rev && !isLive(job.state)) return c.body(null, 204)
    const from = ports.clock.now()
    return eventStream(c, async (stream) => {
      const fields = { request: requestId, job: job.id }
      try {
        const end = await tellOf(c, stream, job, seen)
        ports.log.info('events.ended', { ...fields, end, ms: ports.clock.now() - from })
      } catch (cause) {
        ports.log.error('events.broken', { ...fields, code: cause instanceof AppError ? cause.code : 'internal' }, cause)
      }
    })
  },
)
