/** What a consumer's end means to the queue: taken, or deliver again in so many seconds. After its last retry a message goes to the dead letter queue by itself. */
import { AppError } from '../../shared/base/errors.ts'
import { retryDelayS } from '../../shared/base/retry.ts'
import type { Ports } from '../../shared/ports.ts'

export type Outcome = { readonly kind: 'ack' } | { readonly kind: 'retry'; readonly delayS: number; readonly code: string }

/** Runs the work. A failure that the world may get over, and one that we do not understand (a body of newer code, a bug), is tried again; one that is certain is done with. */
export const outcomeOf = async (work: () => Promise<void>, attempts: number, ports: Pick<Ports, 'random' | 'log'>): Promise<Outcome> => {
  try {
    await work()
    return { kind: 'ack' }
  } catch (error) {
    if (error instanceof AppError && !error.row.retry) {
      ports.log.error('message.failed', { code: error.code }, error)
      return { kind: 'ack' }
    }
    if (!(error instanceof AppError)) ports.log.error('message.crashed', {}, error)
    return { kind: 'retry', delayS: retryDelayS(attempts, ports.random), code: error instanceof AppError ? error.code : 'internal' }
  }
}
