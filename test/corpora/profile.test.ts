/** What DuckDB says about real files, the profile says too: seven that DuckDB reads as they are (it refuses bytes that are no UTF-8). */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import { addBatch, mergeProfiles, type ProfileState, profileView, startProfile } from '../../shared/csv/profile/profile.ts'
import type { Profile } from '../../shared/csv/profile/view.ts'
import { sniff } from '../../shared/csv/sniff/sniff.ts'
import { type Answers, expectAsDuckDb } from '../csv/profile/duckdb.ts'
import answers from './profile.duckdb.json' with { type: 'json' }

const DATA = path.join(import.meta.dirname, '../../../shared/data')

/** The profile of a file in parts of about `partBytes`, merged from left to right. */
const profiled = (name: string, partBytes: number): Profile => {
  const bytes = new Uint8Array(readFileSync(path.join(DATA, name)))
  const sniffed = sniff(bytes.subarray(0, LIMITS.sniffBytes), bytes.length <= LIMITS.sniffBytes, {})
  if (!sniffed.ok) throw new Error(`${name}: ${sniffed.problem.detail}`)
  const { dialect, columns } = sniffed
  let whole: ProfileState | null = null
  for (let start = dialect.headerEnd; start < bytes.length; ) {
    const scanner = makeNaiveScanner({ dialect, start, end: start + partBytes, recordBytesMax: LIMITS.recordBytesMax })
    const part = startProfile(columns)
    for (let at = start; at < bytes.length && !scanner.done; at += LIMITS.blockBytes)
      addBatch(part, scanner.push(bytes.subarray(at, at + LIMITS.blockBytes)), dialect)
    if (!scanner.done) addBatch(part, scanner.finish(), dialect)
    whole = whole === null ? part : mergeProfiles(whole, part)
    start = scanner.next
  }
  return profileView(whole!, { file: 'file_1', etag: 'e', dialect, blankLines: 0 })
}

describe.each(Object.entries<Answers>(answers))('%s', (name, expected) => {
  it('is profiled as DuckDB does', () => expectAsDuckDb(profiled(name, Number.POSITIVE_INFINITY), expected))

  it('in parts too', () => {
    const parts = profiled(name, 300_000)
    expectAsDuckDb(parts, expected)
    expect({ ...parts, columns: [] }).toEqual({ ...profiled(name, Number.POSITIVE_INFINITY), columns: [] })
  })
})
