/** What came of one big list, for people and for programs. */
import { byteSize, counted, duration, grouped, speed } from '../numbers.ts'
import { median } from './figures.ts'

/** Milliseconds from the submission of the job to its end. */
export interface Shares {
  readonly all: number
  /** Of the chunks: waiting for the bucket's bytes, waiting until it took ours, and all else they did. */
  readonly read: number
  readonly write: number
  readonly engine: number
  /** Putting the chunks' outputs together. */
  readonly finish: number
  /** Queue and database. */
  readonly rest: number
}

export interface BigResult {
  readonly bytes: number
  /** Bytes of the result. */
  readonly out: number
  readonly rowsIn: number
  readonly rowsOut: number
  readonly chunks: number
  /** The same cut in this process, with hashing what it wrote. */
  readonly localMs: number
  readonly uploadMs: number
  readonly shares: Shares
  /** The runtime's memory in MiB before the job, and every half a second while it ran. */
  readonly idle: number
  readonly mib: readonly number[]
}

const NAMES = ['engine', 'read', 'write', 'finish', 'rest'] as const
const ABOUT: Readonly<Record<(typeof NAMES)[number], string>> = {
  engine: 'engine',
  read: 'R2 reads',
  write: 'R2 writes',
  finish: 'putting together',
  rest: 'queue and database',
}

/** Medians of the quarters of the job: flat memory is one that does not grow with what was read. */
export const quarters = (mib: readonly number[]): number[] =>
  [0, 1, 2, 3].map((q) => median(mib.slice(Math.floor((q * mib.length) / 4), Math.max(1, Math.ceil(((q + 1) * mib.length) / 4)))))

export const bigText = ({ bytes, out, rowsIn, rowsOut, chunks, localMs, uploadMs, shares, idle, mib }: BigResult): string => {
  const share = (ms: number): string => `${duration(ms)} (${Math.round((100 * ms) / shares.all)} %)`
  return [
    `${byteSize(bytes)}, ${grouped(rowsIn)} rows in ${counted(chunks, 'chunk')}; ${grouped(rowsOut)} rows, ${byteSize(out)} out: equal to the same cut in this process, to the byte`,
    `the job       ${duration(shares.all)} (${speed(bytes, shares.all)})`,
    `  ${NAMES.map((name) => `${ABOUT[name]} ${share(shares[name])}`).join(' + ')}`,
    `the upload    ${duration(uploadMs)} (${speed(bytes, uploadMs)})`,
    `this process  ${duration(localMs)} (${speed(bytes, localMs)}), with hashing its result`,
    `memory of the runtime: ${idle.toFixed(0)} MiB before, ${quarters(mib)
      .map((m) => m.toFixed(0))
      .join(', ')} MiB in the quarters of the job, ${Math.max(...mib).toFixed(0)} MiB at its highest`,
    '',
  ].join('\n')
}

const roundedAll = <Name extends string>(values: Readonly<Record<Name, number>>): Record<Name, number> =>
  Object.fromEntries(Object.entries<number>(values).map(([name, value]) => [name, Math.round(value)])) as Record<Name, number>

export const bigJson = ({ bytes, out, rowsIn, rowsOut, chunks, localMs, uploadMs, shares, idle, mib }: BigResult) => ({
  bytes,
  bytes_out: out,
  rows_in: rowsIn,
  rows_out: rowsOut,
  chunks,
  ...roundedAll({ local_ms: localMs, upload_ms: uploadMs }),
  job_ms: roundedAll(shares as unknown as Record<string, number>),
  memory_mib: { before: Math.round(idle), quarters: quarters(mib).map(Math.round), highest: Math.round(Math.max(...mib)) },
})
