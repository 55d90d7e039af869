/** Idempotency keys past their time. */
import { LIMITS } from '../../../shared/base/limits.ts'
import { deleteExpiredKeys } from '../../../shared/db/idempotency.sql.ts'
import type { Ports } from '../../../shared/ports.ts'

/** Returns how many were forgotten. */
export const forgetKeys = (ports: Ports, now: number): Promise<number> => deleteExpiredKeys(ports.db, now, LIMITS.sweepRowsMax)
