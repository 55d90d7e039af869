/** What of a profile fits where there is little room? The same shape with less in it: first what is nice, then whole columns, and a list of what is left out. */
import { utf8 } from '../../base/bytes.ts'
import type { ColumnProfile, Profile } from './view.ts'

export interface ProfileSummary extends Profile {
  /** Number of columns of the file; `columns` may show fewer. */
  readonly columns_total: number
  /** What the whole profile has and this does not: `samples`, `type_examples`, `frequent`, `histogram`, `columns`, `candidate_keys`. Empty: nothing. */
  readonly left_out: readonly string[]
}

type Step = { readonly name: string; readonly without: (column: ColumnProfile) => ColumnProfile }

/** What goes first, second: each step goes on from the one before. */
const STEPS: readonly Step[] = [
  { name: 'samples', without: (column) => ({ ...column, samples: [] }) },
  { name: 'type_examples', without: (column) => ({ ...column, type_examples: {} }) },
  { name: 'frequent', without: (column) => ({ ...column, frequent: [] }) },
  { name: 'histogram', without: (column) => ({ ...column, histogram: null }) },
]

const jsonBytes = (value: unknown): number => utf8(JSON.stringify(value)).length

/** The first columns whose JSON fits into `room` bytes. */
const fitting = (columns: readonly ColumnProfile[], room: number): readonly ColumnProfile[] => {
  let used = 0
  const over = columns.findIndex((column) => {
    used += jsonBytes(column) + 1
    return used > room
  })
  return over < 0 ? columns : columns.slice(0, over)
}

/** A profile of at most `bytesMax` bytes as JSON; what had to go is named in `left_out`. Of wide tables the keys go too, rather than have them instead of the columns. */
export const profileSummary = (profile: Profile, bytesMax: number): ProfileSummary => {
  let summary: ProfileSummary = { ...profile, columns_total: profile.columns.length, left_out: [] }
  for (const { name, without } of STEPS) {
    if (jsonBytes(summary) <= bytesMax) return summary
    summary = { ...summary, columns: summary.columns.map(without), left_out: [...summary.left_out, name] }
  }
  if (jsonBytes(summary) <= bytesMax) return summary
  const empty: ProfileSummary = { ...summary, columns: [], left_out: [...summary.left_out, 'columns'] }
  const bare = jsonBytes(empty) * 2 <= bytesMax ? empty : { ...empty, candidate_keys: [], left_out: [...empty.left_out, 'candidate_keys'] }
  return { ...bare, columns: fitting(summary.columns, bytesMax - jsonBytes(bare)) }
}
