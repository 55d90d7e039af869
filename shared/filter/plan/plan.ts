/**
 * How is a filter worked out? By columns over a batch, in the kernel, as far as it has instructions; the twin (evaluate.ts) reads the rest, record by record, only where the
 * kernel's part has not decided. The answer is evaluate.ts's, whatever the plan.
 */
import type { Dialect } from '../../csv/dialect.ts'
import { BITMAP_LEVELS, type Kernel } from '../../csv/kernel-memory.ts'
import type { RecordBatch } from '../../csv/record-batch.ts'
import { roomFor, type Selection, selectAll } from '../../csv/selection.ts'
import type { Filter } from '../check.ts'
import { compileCondition, compileFilter } from '../evaluate.ts'
import type { Expr, ExprOf } from '../expr.ts'
import { makeWorkshop, type Workshop } from '../row.ts'
import { bitmapsOf, wordsFor } from './bits.ts'
import { Constants } from './constants.ts'
import { leafOf } from './leaf.ts'
import { type Frame, isNode, kernelNode, logicNode, type Node, notNode, readNode } from './node.ts'

/** What the twin takes for a record: a call, a field's bytes, a few objects. */
const READ_COST = 100
/** The top level's `live` bitmap holds all records; its answer is that of the whole clause. */
const LEVELS_MAX = BITMAP_LEVELS - 1

const flattened = (operator: 'AND' | 'OR', items: readonly Expr[]): Expr[] =>
  items.flatMap((item) => (item.kind === 'logic' && item.operator === operator ? flattened(operator, item.items) : [item]))

const isNegated = (expr: Expr): boolean => 'negated' in expr && expr.negated

/** IS [NOT] DISTINCT FROM a literal is `=` (or IS NULL) without its NULLs. */
const distinctPlan = (expr: ExprOf<'compare'>, workshop: Workshop): Node | null => {
  if (expr.operator !== 'IS DISTINCT FROM' && expr.operator !== 'IS NOT DISTINCT FROM') return null
  const equal: Expr = { ...expr, operator: '=' }
  const leaf = leafOf(equal)
  return (
    leaf &&
    isNode(
      kernelNode(leaf, () => compileCondition(equal, workshop)),
      'TRUE',
      expr.operator === 'IS DISTINCT FROM',
    )
  )
}

/** A node for a condition whose operands are conditions themselves; null for all others. */
const innerPlan = (expr: Expr, workshop: Workshop, isTrueAll: boolean): Node | null => {
  if (expr.kind === 'logic') {
    const items = flattened(expr.operator, expr.items).map((item) => planned(item, workshop, isTrueAll))
    return logicNode(expr.operator, items, isTrueAll)
  }
  if (expr.kind === 'not') return notNode(planned(expr.operand, workshop, false))
  if (expr.kind === 'is' && expr.operand.type === 'boolean') return isNode(planned(expr.operand, workshop, false), expr.what, expr.negated)
  return expr.kind === 'compare' ? distinctPlan(expr, workshop) : null
}

/** `isTrueAll`: only whether the condition is TRUE matters, not whether it is FALSE or UNKNOWN. */
const planned = (expr: Expr, workshop: Workshop, isTrueAll: boolean): Node => {
  const inner = innerPlan(expr, workshop, isTrueAll)
  if (inner && inner.levels < LEVELS_MAX) return inner
  const leaf = leafOf(expr)
  if (!leaf) return readNode(compileCondition(expr, workshop), READ_COST)
  const plain = isNegated(expr) ? ({ ...expr, negated: false } as Expr) : expr
  const node = kernelNode(leaf, () => compileCondition(plain, workshop))
  return isNegated(expr) ? notNode(node) : node
}

/** Works out a filter for one batch after the other. */
export interface Plan {
  /** The records of the batch for which the filter is TRUE; holds until the next call. */
  select(batch: RecordBatch): Selection
}

class KernelPlan {
  readonly #root: Node
  #frame: Frame | null = null
  #turn = 0

  constructor(root: Node) {
    this.#root = root
  }

  select(kernel: Kernel, batch: RecordBatch): Selection {
    const frame = this.#frameFor(kernel, batch)
    const top = frame.levels[0]!
    selectAll(top.live.words, batch.count)
    this.#root.run(frame, top.live, 1)
    return frame.levels[1]!.trues.words
  }

  /** The constants are put in anew when another kernel comes, or when somebody else has used this one. */
  #frameFor(kernel: Kernel, batch: RecordBatch): Frame {
    const words = wordsFor(batch.count)
    if (this.#frame?.kernel !== kernel || kernel.tenant !== this) {
      this.#root.bind(new Constants(kernel))
      kernel.tenant = this
      this.#frame = { ...bitmapsOf(kernel), kernel, batch, words, turn: 0 }
    }
    Object.assign(this.#frame, { batch, words, turn: this.#turn })
    this.#turn += batch.count
    return this.#frame
  }
}

/** The plan of a checked filter for lists of this dialect. It serves one scan at a time. */
export const planFilter = (filter: Filter, dialect: Dialect): Plan => {
  const byKernel = new KernelPlan(planned(filter.expr, makeWorkshop(dialect, filter.expr), true))
  const byTwin = compileFilter(filter, dialect)
  let selected: Selection = new Uint32Array(0)
  return {
    select: (batch) => {
      if (batch.kernel) return byKernel.select(batch.kernel, batch)
      selected = roomFor(selected, batch.count)
      byTwin(batch, selected)
      return selected
    },
  }
}
