/**
 * Follows a job for as long as one request may: what it is now, then what each change made of it, until its end. Changes that come faster than the looks at it
 * are told as one, the newest; whoever goes on from the last revision that they saw misses nothing that still holds, and never the end.
 */
import { LIMITS } from '../base/limits.ts'
import type { Ports } from '../ports.ts'
import { findJobIfChanged } from './find.sql.ts'
import { isLive, type JobRow } from './job.ts'

/** Who is told. */
export interface Listener {
  /** True once nobody listens any more. */
  readonly isGone: () => boolean
  /** The job as it is now: a revision that was not told before. */
  job(job: JobRow): Promise<void>
  /** Nothing has changed for a while. */
  quiet(): Promise<void>
}

/** Why it ended: the job did, the time was over, or nobody listened any more. */
export type FollowEnd = 'ended' | 'time' | 'gone'

/** Tells the listener of `job`, unless that revision is `seen`, and of every change after it. One query a second at most, which reads one row while nothing has changed. */
export const followJob = async (
  ports: Pick<Ports, 'db' | 'clock'>,
  job: JobRow,
  seen: number | null,
  listener: Listener,
): Promise<FollowEnd> => {
  const { db, clock } = ports
  const until = clock.now() + LIMITS.followMs
  let toldAt = clock.now()
  let latest = job
  if (job.rev !== seen) await listener.job(job)
  while (isLive(latest.state)) {
    if (clock.now() >= until) return 'time'
    await clock.sleep(LIMITS.watchPollMs)
    if (listener.isGone()) return 'gone'
    const changed = await findJobIfChanged(db, job.owner_id, job.id, latest.rev)
    if (!changed && clock.now() - toldAt < LIMITS.keepAliveMs) continue
    toldAt = clock.now()
    latest = changed ?? latest
    await (changed ? listener.job(changed) : listener.quiet())
  }
  return 'ended'
}
