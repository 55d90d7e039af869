/**
 * A running chunk's signs of life: progress that moves, a lease that lasts, and the news that the job was canceled or that someone else has taken over. A database that does not answer
 * is asked again at the next turn, while the lease certainly is still ours: the fence makes the commit right, however that goes.
 */
import { mayPass } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Ports } from '../ports.ts'
import { JobCanceled, Overtaken } from './attempt.ts'
import { beatChunk, type ChunkProgress, chunkStanding, touchJobIfChanged } from './chunk.sql.ts'
import type { ChunkRow } from './chunk.ts'

export class Heart {
  readonly #ports: Pick<Ports, 'db' | 'clock'>
  readonly #chunk: ChunkRow
  #polledAt: number
  #beatAt: number
  #heardAt: number
  #distanceMs: number = LIMITS.firstBeatMs

  constructor(ports: Pick<Ports, 'db' | 'clock'>, chunk: ChunkRow) {
    this.#ports = ports
    this.#chunk = chunk
    this.#polledAt = this.#beatAt = this.#heardAt = ports.clock.now()
  }

  /** Called often; does something when it is time. Throws JobCanceled or Overtaken, and what the database says when it has not answered for too long. */
  async tick(progress: ChunkProgress): Promise<void> {
    const now = this.#ports.clock.now()
    if (now - this.#polledAt < LIMITS.cancelPollMs) return
    this.#polledAt = now
    try {
      await this.#ask(progress, now)
      this.#heardAt = now
    } catch (failure) {
      if (!mayPass(failure) || now - this.#heardAt >= LIMITS.silenceMs) throw failure
    }
  }

  async #ask(progress: ChunkProgress, now: number): Promise<void> {
    const standing = await chunkStanding(this.#ports.db, this.#chunk)
    if (standing?.job_state === 'canceling') throw new JobCanceled()
    if (standing?.fence !== this.#chunk.fence || standing.state !== 'running' || standing.job_state !== 'running') throw new Overtaken()
    if (now - this.#beatAt >= this.#distanceMs) await this.#beat(progress, now)
  }

  async #beat(progress: ChunkProgress, now: number): Promise<void> {
    const [beaten] = await this.#ports.db.batch([beatChunk(this.#chunk, progress, now), touchJobIfChanged(this.#chunk.job_id)])
    if (beaten?.changes !== 1) throw new Overtaken()
    this.#beatAt = now
    this.#distanceMs = Math.min(2 * this.#distanceMs, LIMITS.heartbeatMs)
  }
}
