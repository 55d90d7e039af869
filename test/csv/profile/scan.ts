/** A profile of a text, through the scanner, as one test hands it over. */
import { utf8 } from '../../../shared/base/bytes.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { DEFAULT_DIALECT, type Dialect } from '../../../shared/csv/dialect.ts'
import { makeNaiveScanner } from '../../../shared/csv/naive.ts'
import { addBatch, type ProfileState, profileView, startProfile } from '../../../shared/csv/profile/profile.ts'
import type { Profile } from '../../../shared/csv/profile/view.ts'

export interface Source {
  /** Records only, without a header. */
  readonly body: string | Uint8Array
  readonly names: readonly string[]
  readonly dialect?: Partial<Dialect>
  readonly budgetBytes?: number
  readonly keepsFrequent?: boolean
  readonly recordBytesMax?: number
}

const dialectOf = (source: Source): Dialect => ({ ...DEFAULT_DIALECT, ...source.dialect })

/** The profile of lines that begin in bytes [start, end), pushed in blocks of `blockBytes`. */
export const scanned = (source: Source, start = 0, end = Number.POSITIVE_INFINITY, blockBytes = 1_000): ProfileState => {
  const bytes = typeof source.body === 'string' ? utf8(source.body) : source.body
  const dialect = dialectOf(source)
  const scanner = makeNaiveScanner({ dialect, start, end, recordBytesMax: source.recordBytesMax ?? 1_000_000 })
  const { names, budgetBytes = LIMITS.profileBudgetBytes, keepsFrequent = true } = source
  const state = startProfile(names, { budgetBytes, keepsFrequent })
  for (let at = start; at < bytes.length && !scanner.done; at += blockBytes)
    addBatch(state, scanner.push(bytes.subarray(at, at + blockBytes)), dialect)
  addBatch(state, scanner.finish(), dialect)
  return state
}

export const viewOf = (source: Source, state: ProfileState): Profile =>
  profileView(state, { file: 'file_1', etag: 'e1', dialect: dialectOf(source), blankLines: 0 })

/** The whole way: text in, JSON out. */
export const profileOf = (source: Source): Profile => viewOf(source, scanned(source))
