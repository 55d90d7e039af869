/** What DuckDB says about real files, the profile says too: seven that DuckDB reads as they are (it refuses bytes that are no UTF-8). */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { STATE_BYTES_MAX } from '../../shared/csv/kernel-memory.ts'
import { kernelScanner } from '../../shared/csv/kernel-scanner.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import {
  addBatch,
  decodeProfile,
  encodeProfile,
  mergeProfiles,
  type ProfileState,
  profileView,
  startProfile,
} from '../../shared/csv/profile/profile.ts'
import { Profiler } from '../../shared/csv/profile/profiler.ts'
import type { Profile } from '../../shared/csv/profile/view.ts'
import type { MakeScanner } from '../../shared/csv/scanner.ts'
import { sniff } from '../../shared/csv/sniff/sniff.ts'
import { type Answers, expectAsDuckDb } from '../csv/profile/duckdb.ts'
import { testKernel } from '../support/kernel.ts'
import answers from './profile.duckdb.json' with { type: 'json' }

const DATA = path.join(import.meta.dirname, '../../../shared/data')

const readFile = (name: string) => {
  const bytes = new Uint8Array(readFileSync(path.join(DATA, name)))
  const sniffed = sniff(bytes.subarray(0, LIMITS.sniffBytes), bytes.length <= LIMITS.sniffBytes, {})
  if (!sniffed.ok) throw new Error(`${name}: ${sniffed.problem.detail}`)
  return { bytes, ...sniffed }
}

/** The profile of a whole file, as analyse makes it from the batches of a scanner. */
const analysed = (name: string, makeScanner: MakeScanner): Uint8Array => {
  const { bytes, dialect, columns } = readFile(name)
  const [start, end] = [dialect.headerEnd, Number.POSITIVE_INFINITY]
  const scanner = makeScanner({ dialect, start, end, recordBytesMax: LIMITS.recordBytesMax, columns: columns.length })
  const profiler = new Profiler(columns, dialect)
  for (let at = start; at < bytes.length; at += LIMITS.blockBytes) profiler.add(scanner.push(bytes.subarray(at, at + LIMITS.blockBytes)))
  profiler.add(scanner.finish())
  return encodeProfile(profiler.state())
}

/** The profile of a file in parts of about `partBytes`, merged from left to right. */
const profiled = (name: string, partBytes: number): Profile => {
  const { bytes, dialect, columns } = readFile(name)
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

describe('every real file is profiled in the kernel as by the twin', () => {
  const kernel = kernelScanner(testKernel({ stateBytes: STATE_BYTES_MAX }))
  it.each(readdirSync(DATA).filter((name) => !name.endsWith('.md')))('%s', (name) => {
    const { dialect } = readFile(name)
    const view = (state: Uint8Array) => profileView(decodeProfile(state), { file: 'file_1', etag: 'e', dialect, blankLines: 0 })
    expect(view(analysed(name, kernel))).toEqual(view(analysed(name, makeNaiveScanner)))
  })
})
