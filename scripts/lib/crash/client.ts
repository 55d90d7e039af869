/** A client that outlives the service: whatever it asks, it asks again until it is answered. What is not safe to ask twice goes with an Idempotency-Key, or makes at worst another file. */
import { type Api, makeApi } from '../../../shared/client/api.ts'
import { ClientError } from '../../../shared/client/http.ts'
import type { Runtime, Up } from './runtime.ts'

const AGAIN_MS = 50

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
        return await ask(makeApi({ url: up.url, key, signal: up.gone }))
      } catch (error) {
        if (isFinal(error, up)) throw error
        await new Promise((done) => setTimeout(done, AGAIN_MS))
      }
    }
  }
