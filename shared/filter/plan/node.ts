/**
 * How is a clause worked out for a whole batch? A tree of nodes, each of which answers for the records that it is asked about, into the bitmaps of its level; its operands use the level below.
 * AND and OR ask each operand only about the records that are still open, the cheapest and most telling operands first: what they decide is measured as they go.
 */
import type { Kernel } from '../../csv/kernel-memory.ts'
import type { RecordBatch } from '../../csv/record-batch.ts'
import { countSelected } from '../../csv/selection.ts'
import type { Read, Row } from '../row.ts'
import {
  andInto,
  type Bitmaps,
  type Bits,
  clearBits,
  copyBits,
  hasBits,
  isInto,
  type Level,
  notInto,
  openOfAnd,
  openOfOr,
  orInto,
} from './bits.ts'
import type { Constants } from './constants.ts'
import type { Ask, Leaf } from './leaf.ts'

/** Everything that is asked of a batch while it is worked on. */
export interface Frame extends Bitmaps {
  readonly kernel: Kernel
  batch: RecordBatch
  /** Words of a bitmap, and what Row.turn is for record 0 of the batch. */
  words: number
  turn: number
}

export interface Node {
  readonly cost: number
  /** Levels of bitmaps that it takes. */
  readonly levels: number
  /** Puts its constants into a kernel. */
  bind(constants: Constants): void
  /** Answers for the records of `alive` into `frame.levels[level]`. */
  run(frame: Frame, alive: Bits, level: number): void
}

/** Reads the condition for each of some records by the twin. */
const readEach = (frame: Frame, read: Read<boolean>, asked: Bits, answer: Level): void => {
  const row: Row = { batch: frame.batch, r: 0, turn: 0 }
  for (let w = 0; w < frame.words; w++) {
    for (let word = asked.words[w]!; word !== 0; word &= word - 1) {
      const bit = word & -word
      row.r = (w << 5) + 31 - Math.clz32(bit)
      row.turn = frame.turn + row.r
      const value = read(row)
      if (value === true) answer.trues.words[w]! |= bit
      else if (value === null) answer.unknowns.words[w]! |= bit
    }
  }
}

/** A condition that only the twin can read: strings, arithmetic, what the kernel has no instruction for. */
export const readNode = (read: Read<boolean>, cost: number): Node => ({
  cost,
  levels: 1,
  bind: () => {},
  run: (frame, alive, level) => {
    const answer = frame.levels[level]!
    clearBits(answer.trues, frame.words)
    clearBits(answer.unknowns, frame.words)
    readEach(frame, read, alive, answer)
  },
})

/** A condition that the kernel reads; the few records that it leaves to the host are the twin's. */
export const kernelNode = (leaf: Leaf, makeRead: () => Read<boolean>): Node => {
  let ask: Ask | null = null
  let read: Read<boolean> | null = null
  const whole = () => {
    read ??= makeRead()
    return read
  }
  return {
    cost: leaf.cost,
    levels: 1,
    bind: (constants) => {
      ask = leaf.bind(constants)
    },
    run: (frame, alive, level) => {
      if (ask === null) {
        readNode(whole(), leaf.cost).run(frame, alive, level)
        return
      }
      const answer = frame.levels[level]!
      const { exports } = frame.kernel
      exports.setBitmaps(alive.address, answer.trues.address, answer.unknowns.address, frame.asks.address)
      if (ask(exports) !== 0) readEach(frame, whole(), frame.asks, answer)
    },
  }
}

/** An operand and what it has decided so far. */
interface Item {
  readonly node: Node
  asked: number
  open: number
}

/** Learning goes on for so many batches, then now and then: lists change. */
const LEARN_BATCHES = 8
const LEARN_EVERY = 64
/** Before anything is known an operand is taken to decide half of the records. */
const PRIOR = 64

/** Cost for each record that it decides. */
const rank = ({ node, asked, open }: Item): number => {
  const openShare = (open + PRIOR / 2) / (asked + PRIOR)
  return node.cost / Math.max(1 - openShare, 1e-3)
}

/** AND or OR of operands: `begin` sets the answer of none of them, `openTo` says which records the next is asked about, `join` takes its answer in. */
interface Logic {
  begin(answer: Level, alive: Bits, words: number): void
  openTo(live: Bits, answer: Level, alive: Bits, words: number): void
  join(answer: Level, item: Level, words: number): void
}

const AND: Logic = {
  begin: ({ trues, unknowns }, alive, words) => {
    copyBits(alive, trues, words)
    clearBits(unknowns, words)
  },
  openTo: (live, answer, _alive, words) => openOfAnd(live, answer, words),
  join: andInto,
}

/** Where UNKNOWN counts as FALSE, a record that is not TRUE is decided. */
const AND_OF_TRUE: Logic = { ...AND, openTo: (live, answer, _alive, words) => copyBits(answer.trues, live, words) }

const OR: Logic = {
  begin: ({ trues, unknowns }, _alive, words) => {
    clearBits(trues, words)
    clearBits(unknowns, words)
  },
  openTo: (live, answer, alive, words) => openOfOr(live, alive, answer, words),
  join: orInto,
}

/** `isTrueAll`: whoever asks takes UNKNOWN for FALSE; the answer's UNKNOWN then means nothing. */
export const logicNode = (operator: 'AND' | 'OR', nodes: readonly Node[], isTrueAll: boolean): Node => {
  const logic = operator === 'OR' ? OR : isTrueAll ? AND_OF_TRUE : AND
  const items: Item[] = nodes.map((node) => ({ node, asked: 0, open: 0 }))
  items.sort((a, b) => rank(a) - rank(b))
  let batches = 0
  return {
    cost: nodes.reduce((sum, { cost }) => sum + cost, 0),
    levels: 1 + Math.max(...nodes.map(({ levels }) => levels)),
    bind: (constants) => {
      for (const { node } of items) node.bind(constants)
    },
    run: (frame, alive, level) => {
      const { words } = frame
      const answer = frame.levels[level]!
      const isLearning = batches < LEARN_BATCHES || batches % LEARN_EVERY === 0
      batches++
      logic.begin(answer, alive, words)
      logic.openTo(answer.live, answer, alive, words)
      for (const item of items) {
        if (!hasBits(answer.live, words)) break
        const asked = isLearning ? countSelected(answer.live.words, words * 32) : 0
        item.node.run(frame, answer.live, level + 1)
        logic.join(answer, frame.levels[level + 1]!, words)
        logic.openTo(answer.live, answer, alive, words)
        if (!isLearning) continue
        item.asked += asked
        item.open += countSelected(answer.live.words, words * 32)
      }
      if (isLearning) items.sort((a, b) => rank(a) - rank(b))
    },
  }
}

/** A node over one operand whose answer is turned into another by bits alone. */
const turned = (operand: Node, turn: (answer: Level, item: Level, alive: Bits, words: number) => void): Node => ({
  cost: operand.cost,
  levels: operand.levels + 1,
  bind: (constants) => operand.bind(constants),
  run: (frame, alive, level) => {
    operand.run(frame, alive, level + 1)
    turn(frame.levels[level]!, frame.levels[level + 1]!, alive, frame.words)
  },
})

export const notNode = (operand: Node): Node => turned(operand, notInto)

export const isNode = (operand: Node, what: 'NULL' | 'TRUE' | 'FALSE', negated: boolean): Node =>
  turned(operand, (answer, item, alive, words) => isInto(answer, item, alive, what, negated, words))
