/** What came of a crash run, for people. */
import { counted, duration } from '../numbers.ts'

export interface CrashResult {
  readonly jobs: number
  readonly kills: number
  readonly seed: number
  /** States of jobs at the moments of the kills, and how often. */
  readonly states: Readonly<Record<string, number>>
  /** Jobs that were under way at a kill and came to the right end. */
  readonly recovered: number
  /** Jobs that came to something else than the oracle: a line each. */
  readonly wrong: readonly string[]
  /** What is left over or missing: a line each. */
  readonly findings: readonly string[]
  readonly tally: Readonly<Record<string, number>>
  readonly ms: number
}

const SHOWN = 20

const list = (lines: readonly string[]): string[] => [
  ...lines.slice(0, SHOWN).map((line) => `  ${line}`),
  ...(lines.length > SHOWN ? [`  … and ${lines.length - SHOWN} more`] : []),
]

export const isClean = ({ wrong, findings, recovered, kills }: CrashResult): boolean =>
  wrong.length === 0 && findings.length === 0 && (kills === 0 || recovered > 0)

export const crashText = (result: CrashResult): string => {
  const { jobs, kills, seed, states, recovered, wrong, findings, tally, ms } = result
  const hit = Object.entries(states).map(([state, count]) => `${count} ${state}`)
  const counts = Object.entries(tally).map(([what, count]) => `${count} ${what}`)
  return [
    `seed ${seed}: ${counted(jobs, 'job')}, ${counted(kills, 'kill')}, ${duration(ms)}`,
    `at the kills: ${hit.join(', ') || 'nothing'}`,
    `in all: ${counts.join(', ')}`,
    `wrong ${wrong.length}`,
    ...list(wrong),
    `left over or missing ${findings.length}`,
    ...list(findings),
    `recovered ${recovered}`,
    isClean(result) ? 'every job ended once, as the plain scanner says, and nothing is left over' : 'FAILED',
    '',
  ].join('\n')
}
