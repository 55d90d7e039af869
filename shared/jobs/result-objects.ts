/** The objects that a job makes: its only chunk has written them already, or they are put together from what its chunks left. */
import { dialectOf } from '../csv/dialect.ts'
import { fileKey, jobVersion } from '../files/object-key.ts'
import type { Ports } from '../ports.ts'
import type { ChunkObject } from './chunk.ts'
import { type Budget, type Composition, compose } from './compose.ts'
import { composedOutput, composedRejects } from './composed.ts'
import { inputOf } from './decode-input.ts'
import type { Finish } from './finish.ts'
import { readHeader } from './header.ts'
import { placesOf } from './places.ts'

export interface Made {
  readonly output: ChunkObject | null
  readonly rejects: ChunkObject | null
}

const CSV = 'text/csv; charset=utf-8'

/** Null: there is more to do than one message does. */
export const makeObjects = async (ports: Ports, finish: Finish, budget: Budget): Promise<Made | null> => {
  const { job, chunks } = finish
  if (job.chunks_total === 1) return { output: chunks[0]?.output ?? null, rejects: chunks[0]?.rejects ?? null }
  const output = await makeOutput(ports, finish, budget)
  if (output === 'more') return null
  const rejects = await makeRejects(ports, finish, budget)
  return rejects === 'more' ? null : { output, rejects }
}

const makeOutput = async (ports: Ports, finish: Finish, budget: Budget): Promise<ChunkObject | null | 'more'> => {
  const { job, plan, file, operation, bound, chunks } = finish
  if (operation.makes !== 'file' || !bound.output) return null
  const input = inputOf(job, plan, file)
  const header = await readHeader(ports, input.key, input.etag, dialectOf(plan.dialect))
  const composed = composedOutput(
    ports,
    bound.output.header(header.bytes),
    chunks.map(({ output }) => output),
  )
  return madeOf(await compose(ports, job, { ...placed(finish, 'output', bound.output.contentType), composed }, budget))
}

const makeRejects = async (ports: Ports, finish: Finish, budget: Budget): Promise<ChunkObject | null | 'more'> => {
  const { plan, job, chunks } = finish
  if (chunks.every(({ rejects }) => rejects === null)) return null
  const places = placesOf(chunks, plan.headerLines)
  const bases = chunks.map(({ rejects }, i) => ({ object: rejects, ...places[i]! }))
  const rows = chunks.reduce((sum, { rowsRejected }) => sum + rowsRejected, 0)
  return madeOf(await compose(ports, job, { ...placed(finish, 'rejects', CSV), composed: composedRejects(ports, bases, rows) }, budget))
}

const madeOf = (object: ChunkObject | null): ChunkObject | 'more' => object ?? 'more'

/** Where an object of the job goes. */
const placed = ({ job, plan }: Finish, role: 'output' | 'rejects', contentType: string): Omit<Composition, 'composed'> => {
  const file = role === 'output' ? plan.resultFile : plan.rejectsFile
  return {
    role,
    contentType,
    key: fileKey(job.owner_id, file, jobVersion(job.id, job.fence)),
    partsKey: (version) => fileKey(job.owner_id, file, jobVersion(job.id, `m${version}`)),
  }
}
