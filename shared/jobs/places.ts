/** Chunks count records and lines from their own beginning: here they are counted from the beginning of the file. */
import type { WarningCode } from '../csv/scanner.ts'
import type { ChunkFindings } from './chunk.ts'

/** What lies before a chunk. */
export interface Before {
  readonly records: number
  readonly lines: number
}

/** What lies before each of the chunks, which are all of those in which lines begin, in order. `headerLines`: physical lines before the first. */
export const placesOf = (chunks: readonly Pick<ChunkFindings, 'rowsIn' | 'lines'>[], headerLines: number): Before[] => {
  let before = { records: 0, lines: headerLines }
  return chunks.map(({ rowsIn, lines }) => {
    const here = before
    before = { records: here.records + rowsIn, lines: here.lines + lines }
    return here
  })
}

/** A warning of a job, as the API shows it. */
export interface JobWarning {
  readonly code: WarningCode
  readonly count: number
  readonly first: { readonly record: number; readonly line: number; readonly byte_offset: number }
}

/** The warnings of all chunks, one a kind, in the order in which each kind was met first. */
export const joinedWarnings = (
  chunks: readonly Pick<ChunkFindings, 'rowsIn' | 'lines' | 'warnings'>[],
  headerLines: number,
): JobWarning[] => {
  const places = placesOf(chunks, headerLines)
  const joined = new Map<WarningCode, JobWarning>()
  for (const [i, { warnings }] of chunks.entries()) {
    const { records, lines } = places[i]!
    for (const { code, count, first } of warnings) {
      const known = joined.get(code)
      const here = { record: first.record + records, line: first.line + lines, byte_offset: first.byteOffset }
      joined.set(code, known ? { ...known, count: known.count + count } : { code, count, first: here })
    }
  }
  return [...joined.values()]
}
