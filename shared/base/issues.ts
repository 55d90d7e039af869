/** zod's findings as the fields of a problem. */
import type { z } from 'zod'
import { AppError, type FieldError } from './errors.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** A JSON pointer (RFC 6901). */
const pointer = (path: Path): string => path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** What is wrong with the alternative that was probably meant: the one whose mistake lies deepest, or that at least has the right type. Null: none has. */
const closestBranch = (branches: readonly (readonly Issue[])[]): readonly Issue[] | null => {
  const depth = ([issue]: readonly Issue[]): number => issue!.path.length + (issue!.code === 'invalid_type' ? 0 : 0.5)
  const [closest] = [...branches].sort((a, b) => depth(b) - depth(a))
  return closest && depth(closest) > 0 ? closest : null
}

/** One entry per wrong field; an unknown field is one of its own. `at`: where what was checked stands in the body. */
export const fieldErrors = (issues: readonly Issue[], at: Path = []): FieldError[] =>
  issues.flatMap((issue): FieldError[] => {
    const path = [...at, ...issue.path]
    const closest = issue.code === 'invalid_union' ? closestBranch(issue.errors) : null
    if (closest) return fieldErrors(closest, path)
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: pointer([...path, key]), code: 'field_unknown', detail: 'This field is not known here.' }))
      : [{ pointer: pointer(path), code: 'field_invalid', detail: `${issue.message}.` }]
  })

/** The failure of a body that does not fit its schema. An unknown field comes first: misspelt, it is why another one is missing. */
export const misfit = (issues: readonly Issue[], at: Path = []): AppError => {
  const errors = fieldErrors(issues, at)
  const unknown = errors.find(({ code }) => code === 'field_unknown')
  const { pointer: where, detail } = unknown ?? errors[0]!
  return new AppError(unknown ? 'field_unknown' : 'field_invalid', `${where || 'The body'}: ${detail}`, { errors })
}
