/** What do the first rows look like? For people: a few records as texts, through the same scanner that jobs use. */
import { LIMITS } from '../base/limits.ts'
import type { Dialect } from './dialect.ts'
import { recordTexts } from './field.ts'
import { makeNaiveScanner } from './naive.ts'

/**
 * The first data records of a file (the header is not among them), at most `limit`, each with the fields it has.
 * `bytes`: the file from its first byte on. `isWhole` false: they are only its beginning, and a last record that has not ended in them is left out.
 */
export const previewRows = (bytes: Uint8Array, dialect: Dialect, limit: number, isWhole: boolean): string[][] => {
  const rows: string[][] = []
  const scanner = makeNaiveScanner({
    dialect,
    start: dialect.headerEnd,
    end: Number.POSITIVE_INFINITY,
    recordBytesMax: LIMITS.recordBytesMax,
  })
  const show = (batch: ReturnType<typeof scanner.push>): void => {
    for (let r = 0; r < batch.count && rows.length < limit; r++) rows.push(recordTexts(batch, r, dialect))
  }
  for (let at = dialect.headerEnd; at < bytes.length && rows.length < limit; at += LIMITS.readBytes)
    show(scanner.push(bytes.subarray(at, at + LIMITS.readBytes)))
  if (isWhole && rows.length < limit) show(scanner.finish())
  return rows
}
