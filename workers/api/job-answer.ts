/** A job as an answer of the API shows it: as it is known at this moment. */
import type { Context } from 'hono'
import { type JobRow, jobView } from '../../shared/jobs/job.ts'
import type { Api } from './env.ts'
import type { JobAnswer } from './schemas/job.ts'

export const jobAnswer = (c: Context<Api>, job: JobRow): JobAnswer => jobView(job, c.var.ports.clock.now())
