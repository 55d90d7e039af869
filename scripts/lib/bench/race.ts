/**
 * How is a scenario measured? Pair by pair: ours and a peer first answer once and must agree, then they run in turns (ours, peer, ours, peer, …), so that whatever else the machine does
 * meets both. A pair's ratio is the median of the ratios of its turns; a speed is of the median time.
 */
import { type Agreement, agree } from './agree.ts'
import type { Contender, List, Task } from './contender.ts'
import { contenderOf } from './contenders.ts'
import { mbPerS, median } from './figures.ts'
import type { Scenario } from './scenarios.ts'
import type { Seat, Start } from './seat.ts'

export interface Pair {
  readonly peer: string
  readonly mbPerS: number
  /** How many times as fast as the peer we are. */
  readonly ratio: number
  /** How it was found that both do the same; null: a yardstick. */
  readonly agreed: 'bytes' | 'rows' | 'count' | 'profile' | null
}

export interface Measured {
  readonly scenario: Scenario
  readonly bytes: number
  readonly oursMbPerS: number
  readonly pairs: readonly Pair[]
  /** Peers that are not here, and why. */
  readonly missing: readonly { readonly peer: string; readonly why: string }[]
  /** Peers whose answer is not ours, or that failed: the run as a whole has failed. */
  readonly wrong: readonly { readonly peer: string; readonly why: string }[]
}

export interface RaceOptions {
  /** Turns of a pair. Slow ones are cut short after turnsMs, but not below three. */
  readonly runs: number
  /** Where answers are put to be compared. */
  readonly folder: string
  /** Where the rows of timed runs go. */
  readonly sink: string
  readonly start: Start
  readonly find?: (name: string) => Contender
  readonly onStep?: (text: string) => void
  /** Aborted when the user has seen enough. */
  readonly stop?: AbortSignal
}

const TURNS_MIN = 3
const TURNS_MS = 12_000

interface Turns {
  readonly ours: number[]
  readonly theirs: number[]
}

const takeTurns = async (ours: Seat, theirs: Seat, { runs, sink, stop }: RaceOptions): Promise<Turns> => {
  const turns: Turns = { ours: [], theirs: [] }
  const until = performance.now() + TURNS_MS
  for (let turn = 0; !stop?.aborted && turn < runs && (turn < TURNS_MIN || performance.now() < until); turn++) {
    turns.ours.push((await ours.run(sink)).ms)
    turns.theirs.push((await theirs.run(sink)).ms)
  }
  return turns
}

/** Lets both answer once, into files of their own. */
const compare = async (scenario: Scenario, list: List, ours: Seat, theirs: Seat, folder: string): Promise<Agreement> => {
  const [left, right] = [`${folder}/answer-ours.csv`, `${folder}/answer-theirs.csv`]
  const answers = [
    { outcome: (await ours.run(left)).outcome, file: left },
    { outcome: (await theirs.run(right)).outcome, file: right },
  ] as const
  return agree(scenario.operation, ...answers, list.dialect.delimiter)
}

const pairUp = async (
  scenario: Scenario,
  list: List,
  ours: Seat,
  peer: Contender,
  options: RaceOptions,
): Promise<[Pair, Turns] | string> => {
  options.onStep?.(`${scenario.name}: ours and ${peer.name}`)
  const task: Task = { scenario: scenario.name, list }
  const theirs = await options.start(peer.name, task)
  try {
    const agreement = peer.isYardstick ? null : await compare(scenario, list, ours, theirs, options.folder)
    if (agreement?.ok === false) return agreement.why
    const turns = await takeTurns(ours, theirs, options)
    const ratio = median(turns.theirs.map((ms, turn) => ms / turns.ours[turn]!))
    return [{ peer: peer.name, mbPerS: mbPerS(list.bytes, median(turns.theirs)), ratio, agreed: agreement?.by ?? null }, turns]
  } finally {
    theirs.end()
  }
}

/** Measures us and every peer of the scenario that is here. Never throws for a peer: what is wrong with it is in the answer. */
export const race = async (scenario: Scenario, list: List, options: RaceOptions): Promise<Measured> => {
  const find = options.find ?? contenderOf
  const pairs: Pair[] = []
  const missing: { peer: string; why: string }[] = []
  const wrong: { peer: string; why: string }[] = []
  const oursMs: number[] = []
  const alone: number[] = []
  const ours = await options.start('ours', { scenario: scenario.name, list })
  try {
    for (const peer of scenario.peers.map(find)) {
      const why = peer.missing()
      if (why) missing.push({ peer: peer.name, why })
      if (why) continue
      const paired = await pairUp(scenario, list, ours, peer, options).catch((error: Error) => error.message)
      options.stop?.throwIfAborted()
      if (typeof paired === 'string') wrong.push({ peer: peer.name, why: paired })
      else {
        pairs.push(paired[0])
        oursMs.push(...paired[1].ours)
      }
    }
    // Nobody to run beside was here: our own speed is told all the same, of warm runs.
    for (let run = 0; oursMs.length === 0 && run < options.runs + 1; run++) alone.push((await ours.run(options.sink)).ms)
  } finally {
    ours.end()
  }
  const ms = median(oursMs.length > 0 ? oursMs : alone.slice(1))
  return { scenario, bytes: list.bytes, oursMbPerS: mbPerS(list.bytes, ms), pairs, missing, wrong }
}
