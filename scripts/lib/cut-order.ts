/** What a cut asks of an operation, and whether that can be right: with the very code that the service uses, so that nothing is uploaded for a slip of the pen. */
import type { Dialect } from '../../shared/csv/dialect.ts'
import { bindSpec, normalSpec, operationOf } from '../../shared/operations/index.ts'
import type { CutRequest } from './cut-args.ts'
import { refusedAsUsage } from './local/failure.ts'

export interface Order {
  readonly operation: string
  readonly spec: Readonly<Record<string, unknown>>
  /** For the caret under a mistake; null: there is none. */
  readonly clause: string | null
}

export const orderFor = ({ where, ragged, output, target }: CutRequest): Order => ({
  operation: target.kind === 'answer' ? 'count' : 'filter',
  spec: { ...(where === null ? {} : { where }), ragged, ...output, ...(target.kind === 'answer' ? { head: target.head } : {}) },
  clause: where,
})

/** What is known of a list when its first bytes were looked at. */
export interface ListShape {
  readonly dialect: Dialect
  readonly columns: readonly string[]
}

/** Throws UsageError for an order that cannot be right: for this list, or whatever the list is (null). */
export const refuseWrongOrder = ({ operation: name, spec, clause }: Order, shape: ListShape | null): void => {
  const operation = operationOf(name)
  refusedAsUsage(clause, () => {
    const normal = normalSpec(operation, spec)
    if (shape) bindSpec(operation, normal, { file: '', etag: '', ...shape })
  })
}
