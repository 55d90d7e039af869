/** A client that outlives the service: whatever it asks, it asks again until it is answered. What is not safe to ask twice goes with an Idempotency-Key, or makes at worst another file. */
import { type Api, makeApi } from '../../../shared/client/api.ts'
import { ClientError } from '../../../shared/client/http.ts'
import { unlessAborted } from '../interrupt.ts'
import type { Runtime, Up } from './runtime.ts'

const AGAIN_MS = 50
/** The largest upload takes a fraction of it. */
const ANSWER_MS = 120_000

export type Asker = <T>(ask: (api: Api) => Promise<T>) => Promise<T>

/** True for an answer that will not be another one next time. */
const isFinal = (error: unknown, { gone }: Up): boolean =>
  !gone.aborted && error instanceof ClientError && error.status >= 400 && error.status < 500 && error.status !== 429

export const patientClient =
  (runtime: Runtime, key: string): Asker =>
  async (ask) => {
    for (;;) {
      const up = await runtime.up()
      try {
        // A request whose server is killed may never end, although it was aborted: it happened to one in a few hundred.
        const signal = AbortSignal.any([up.gone, AbortSignal.timeout(ANSWER_MS)])
        return await unlessAborted(signal, ask(makeApi({ url: up.url, key, signal })))
      } catch (error) {
        if (isFinal(error, up)) throw error
        await new Promise((done) => setTimeout(done, AGAIN_MS))
      }
    }
  }
