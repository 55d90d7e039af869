/** Which columns does an output have, in what order, under what names? */
import { z } from 'zod'
import { AppError, type ErrorCode } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { columnsCalled } from '../filter/name.ts'
import { nearest } from '../filter/nearest.ts'

const name = z.string().min(1)
const renamed = z.strictObject({ name, as: z.string().min(1).max(LIMITS.columnNameCharsMax) })
const chosen = z
  .array(z.union([name, renamed]))
  .min(1)
  .max(LIMITS.columnsMax)
const all = z.strictObject({ except: z.array(name).min(1).max(LIMITS.columnsMax) })

export const columnList = z
  .union([chosen, all])
  .describe('The columns of the output in their order: names, or `{name, as}` for another name; or `{except: […]}`, all but these.')
export type ColumnList = z.output<typeof columnList>

/** A column of the output. */
export interface OutputColumn {
  /** Which column of the input it is, counted from 0. */
  readonly index: number
  readonly name: string
}

const fault = (code: ErrorCode, path: string, detail: string, extra: Record<string, unknown> = {}): AppError => {
  const pointer = `/spec/columns/${path}`
  return new AppError(code, detail, { extra, errors: [{ pointer, code, detail }] })
}

/** Index of the column that a name means; throws column_unknown or column_ambiguous. */
const indexOf = (wanted: string, columns: readonly string[], path: string): number => {
  const [index, ...others] = columnsCalled(wanted, columns)
  if (index === undefined) {
    const suggestion = nearest(wanted, columns)
    const hint = suggestion === null ? '' : ` Did you mean "${suggestion}"?`
    throw fault(
      'column_unknown',
      path,
      `There is no column "${wanted}".${hint}`,
      suggestion === null ? { found: wanted } : { found: wanted, suggestion },
    )
  }
  if (others.length === 0) return index
  const said = `"${wanted}" can mean ${others.length + 1} columns: write the one you mean exactly, such as "${columns[index]}".`
  throw fault('column_ambiguous', path, said, { found: wanted, suggestion: columns[index] })
}

const allBut = (except: readonly string[], columns: readonly string[]): readonly OutputColumn[] => {
  const left = new Set(except.map((wanted, i) => indexOf(wanted, columns, `except/${i}`)))
  const kept = columns.flatMap((column, index) => (left.has(index) ? [] : [{ index, name: column }]))
  if (kept.length > 0) return kept
  throw fault('field_invalid', 'except', 'These are all columns: leave at least one in.')
}

/** Two columns of one name could not be told apart, and a column many times over would make a long record of a short one. */
const refuseRepeated = (list: readonly OutputColumn[]): void => {
  const names = new Set<string>()
  const copies = new Map<number, number>()
  list.forEach(({ index, name }, i) => {
    const copy = (copies.get(index) ?? 0) + 1
    if (names.has(name)) throw fault('field_invalid', String(i), `Two columns would be called "${name}": give one of them another name.`)
    if (copy > LIMITS.columnCopiesMax)
      throw fault('field_invalid', String(i), `A column can stand ${LIMITS.columnCopiesMax} times in an output; this is one more.`)
    names.add(name)
    copies.set(index, copy)
  })
}

/** The columns of the output; throws column_unknown, column_ambiguous or field_invalid. */
export const selectColumns = (list: ColumnList, columns: readonly string[]): readonly OutputColumn[] => {
  if (!Array.isArray(list)) return allBut(list.except, columns)
  const selected = list.map((one, i): OutputColumn => {
    const index = indexOf(typeof one === 'string' ? one : one.name, columns, String(i))
    return { index, name: typeof one === 'string' ? columns[index]! : one.as }
  })
  refuseRepeated(selected)
  return selected
}
