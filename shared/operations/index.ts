/** The table of all operations: one row is all it takes to add one. */
import { AppError } from '../base/errors.ts'
import { misfit } from '../base/issues.ts'
import { analyse } from './analyse.ts'
import { count } from './count.ts'
import { filter } from './filter.ts'
import type { AnyOperation, Bound, Input } from './operation.ts'

export const OPERATIONS: readonly AnyOperation[] = [analyse, count, filter]

/** The operation of this name; throws field_invalid. */
export const operationOf = (name: string): AnyOperation => {
  const found = OPERATIONS.find((operation) => operation.name === name)
  if (found) return found
  const known = OPERATIONS.map((operation) => operation.name).join(', ')
  throw new AppError('field_invalid', `There is no operation "${name}". Known: ${known}.`, {
    errors: [{ pointer: '/operation', code: 'field_invalid', detail: `One of ${known}.` }],
  })
}

/** A specification as somebody sent it, in its one spelling; throws what is wrong with it. */
export const normalSpec = (operation: AnyOperation, spec: unknown): Record<string, unknown> => {
  const parsed = operation.spec.safeParse(spec)
  if (!parsed.success) throw misfit(parsed.error.issues, ['spec'])
  return operation.normalise(parsed.data as never) as Record<string, unknown>
}

/** A normal specification bound to its input; throws what is wrong with it for these columns. */
export const bindSpec = (operation: AnyOperation, spec: Record<string, unknown>, input: Input): Bound =>
  operation.bind(spec as never, input)
