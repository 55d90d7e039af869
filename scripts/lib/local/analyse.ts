/** `npm run analyse -- FILE|- --local`: the profile of a list, made in this process. */
import { safeText } from '../../../shared/client/terminal-text.ts'
import type { Profile } from '../../../shared/csv/profile/view.ts'
import type { DialectHints } from '../../../shared/csv/sniff/sniff.ts'
import { EXIT, type Values } from '../command.ts'
import { byteSize, counted, duration, speed } from '../numbers.ts'
import type { Progress } from '../progress.ts'
import { showProfile } from '../show-profile.ts'
import type { Source } from '../source.ts'
import { type Found, runHere } from './engine.ts'
import { LocalOutput } from './output.ts'
import { withList } from './source.ts'

interface Analysed {
  readonly name: string
  readonly found: Found
  readonly ms: number
}

const summaryText = ({ name, found: { bytesIn, rowsRejected }, ms }: Analysed): string => {
  const rejected = rowsRejected > 0 ? `; ${counted(rowsRejected, 'row')} rejected (record_too_long)` : ''
  return `${safeText(name)}: ${byteSize(bytesIn)} in ${duration(ms)} (${speed(bytesIn, ms)})${rejected}\n`
}

/** Analyses and prints; returns the exit code. The JSON is the service's, but for `file` and `etag`: a list that nobody keeps has neither. */
export const analyseHere = async (
  source: Source,
  hints: DialectHints,
  values: Values,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> => {
  const analysed = await withList(source, hints, progress, signal, async (list, name): Promise<Analysed> => {
    const startedAt = performance.now()
    const output = await LocalOutput.open({ kind: 'answer', head: 0 }, list.header.lines)
    const found = await runHere(list, { operation: 'analyse', spec: {}, clause: null }, output, progress, signal)
    return { name, found, ms: performance.now() - startedAt }
  })
  progress.clear()
  const profile = analysed.found.answer as unknown as Profile
  showProfile(profile, values.json === true, { ...profile, file: null, etag: null })
  if (!values.quiet) process.stderr.write(summaryText(analysed))
  return EXIT.done
}
