/**
 * The tick: everything that makes sure that nothing is forgotten. Each duty is idempotent and bounded, so a tick that is skipped, late or doubled does no harm;
 * a lease row keeps two at once from doing the same work. One duty's failure does not keep the next from its turn.
 */

import { LIMITS } from '../../../shared/base/limits.ts'
import { claimDuty, releaseDuty } from '../../../shared/db/duty.sql.ts'
import { relayOutbox } from '../../../shared/events/outbox.ts'
import { expireUploads } from '../../../shared/files/expire-uploads.ts'
import { purgeDeleted } from '../../../shared/files/purge.ts'
import { sweepWork } from '../../../shared/jobs/work.ts'
import type { Ports } from '../../../shared/ports.ts'
import { dropUnfinished } from './drop-unfinished.ts'
import { endJobs } from './end-jobs.ts'
import { forgetKeys } from './forget-keys.ts'
import { reconcileBucket } from './reconcile-bucket.ts'
import { releaseLeases } from './release-leases.ts'
import { settleForgotten } from './settle-forgotten.ts'

type Duty = (ports: Ports, now: number) => Promise<number>

/** In order: first what others wait for. Each says how much it did. */
const DUTIES: Readonly<Record<string, Duty>> = {
  relay_outbox: relayOutbox,
  release_leases: releaseLeases,
  end_jobs: endJobs,
  settle_forgotten: settleForgotten,
  reconcile_bucket: reconcileBucket,
  drop_unfinished: dropUnfinished,
  expire_uploads: (ports) => expireUploads(ports, LIMITS.sweepRowsMax),
  purge_deleted: (ports) => purgeDeleted(ports, LIMITS.sweepRowsMax),
  sweep_work: (ports) => sweepWork(ports, LIMITS.sweepObjectsMax),
  forget_keys: forgetKeys,
}

/** Does all duties as of `now` (the time the cron was due; tests set it). */
export const tick = async (ports: Ports, now: number): Promise<void> => {
  if (!(await claimDuty(ports.db, 'tick', now, now + LIMITS.tickLeaseMs))) return
  const at: Ports = { ...ports, clock: { ...ports.clock, now: () => now } }
  try {
    for (const [name, duty] of Object.entries(DUTIES)) await doDuty(at, name, duty, now)
  } finally {
    await releaseDuty(ports.db, 'tick', now + LIMITS.tickLeaseMs)
  }
}

const doDuty = async (ports: Ports, name: string, duty: Duty, now: number): Promise<void> => {
  try {
    const done = await duty(ports, now)
    if (done > 0) ports.log.info('tick.duty', { duty: name, done })
  } catch (error) {
    ports.log.error('tick.duty_failed', { duty: name }, error)
  }
}
