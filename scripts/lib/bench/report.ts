/** What is printed? A table for people, line by line as scenarios end, or one JSON array for programs. */
import type { Measured, Pair } from './race.ts'
import type { Scenario } from './scenarios.ts'

const WIDTHS = [14, 10, 14, 10, 8, 8, 12, 0] as const
const HEADS = ['scenario', 'ours MB/s', 'peer', 'MB/s', 'ratio', 'mark', '', 'same'] as const
/** Figures stand to the right. */
const RIGHT = new Set([1, 3, 4, 5])

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, c) => (RIGHT.has(c) ? cell.padStart(WIDTHS[c]!) : cell.padEnd(WIDTHS[c]!)))
    .join('  ')
    .trimEnd()

/** Three digits, or all before the point. */
const figure = (value: number): string => value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)
const times = (value: number): string => `${figure(value)}×`

export const TABLE_HEAD = `${line(HEADS)}\n${line(WIDTHS.map((width, c) => '─'.repeat(width || HEADS[c]!.length)))}\n`

const pairCells = ({ peer, mbPerS, ratio, agreed }: Pair, mark: number | undefined): string[] => [
  peer,
  figure(mbPerS),
  times(ratio),
  mark === undefined ? '' : times(mark),
  mark === undefined ? '' : ratio >= mark ? 'reached' : `${times(ratio / mark)} of it`,
  agreed ?? '',
]

/** The line of a scenario whose list is not here. */
export const missingLine = ({ name, about }: Scenario): string => `${name.padEnd(WIDTHS[0])}  not here: ${about}\n`

/** A scenario's lines: each peer that was run, then who was not here, then who was wrong. */
export const tableLines = ({ scenario, oursMbPerS, pairs, missing, wrong }: Measured): string => {
  const ran = pairs.map((pair) => pairCells(pair, scenario.marks[pair.peer]))
  const others = [...missing.map(({ peer, why }) => [peer, `not here: ${why}`]), ...wrong.map(({ peer, why }) => [peer, `WRONG: ${why}`])]
  const rows = ran.length > 0 ? ran : [['']]
  return [
    ...rows.map((cells, r) => line([...(r === 0 ? [scenario.name, figure(oursMbPerS)] : ['', '']), ...cells])),
    ...others.map(([peer, text]) => `${' '.repeat(WIDTHS[0] + WIDTHS[1] + 4)}${peer!.padEnd(WIDTHS[2])}  ${text}`),
    '',
  ].join('\n')
}

export interface ScenarioJson {
  readonly scenario: string
  readonly ours_mb_s: number
  readonly peers: Readonly<Record<string, number>>
}

const rounded = (value: number): number => Math.round(value * 10) / 10

/** For programs. A ratio is that of the medians here, and that of the turns in the table. */
export const scenarioJson = ({ scenario, oursMbPerS, pairs }: Measured): ScenarioJson => ({
  scenario: scenario.name,
  ours_mb_s: rounded(oursMbPerS),
  peers: Object.fromEntries(pairs.map(({ peer, mbPerS }) => [peer, rounded(mbPerS)])),
})

/** What went wrong in a scenario, a line each. */
export const failures = ({ scenario, wrong }: Measured): string[] => wrong.map(({ peer, why }) => `${scenario.name}: ${peer}: ${why}`)
