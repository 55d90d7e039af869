/** zod's findings as the fields of a problem. */
import type { z } from '@hono/zod-openapi'
import type { FieldError } from '../../../shared/base/errors.ts'

type Issue = z.core.$ZodIssue

/** A JSON pointer (RFC 6901). */
const pointer = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** One entry per wrong field; an unknown field is one of its own. */
export const fieldErrors = (issues: readonly Issue[]): FieldError[] =>
  issues.flatMap((issue): FieldError[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          pointer: pointer([...issue.path, key]),
          code: 'field_unknown',
          detail: 'This field is not known here.',
        }))
      : [{ pointer: pointer(issue.path), code: 'field_invalid', detail: `${issue.message}.` }],
  )
