/** The query of a request against its schema: every parameter known, and given once. A misspelt filter that is ignored would answer another question than the one asked. */
import type { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { AppError, type FieldError } from '../../../shared/base/errors.ts'
import { fieldErrors } from '../../../shared/base/issues.ts'

const refuse = (errors: readonly FieldError[]): never => {
  const [first] = errors
  throw new AppError('query_invalid', `${first?.pointer.slice(1)}: ${first?.detail}`, { errors })
}

/** The query as the schema gives it out. Throws `query_invalid`. */
export const readQuery = <S extends z.ZodObject>(c: Context, schema: S): z.output<S> => {
  const values: Record<string, string> = Object.create(null)
  for (const [name, value] of new URL(c.req.url).searchParams) {
    if (!Object.hasOwn(schema.shape, name))
      refuse([{ pointer: `/${name}`, code: 'query_invalid', detail: 'This parameter is not known here.' }])
    if (name in values) refuse([{ pointer: `/${name}`, code: 'query_invalid', detail: 'This parameter comes twice.' }])
    values[name] = value
  }
  const read = schema.safeParse({ ...values })
  return read.success ? read.data : refuse(fieldErrors(read.error.issues))
}
