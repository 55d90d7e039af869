/** Every failure of the API as its clients see it (RFC 9457). */
import { z } from '@hono/zod-openapi'
import { ERRORS } from '../../../shared/base/errors.ts'

const fieldError = z.object({
  pointer: z.string().openapi({ description: 'JSON pointer to the field, or the parameter behind a slash.' }),
  code: z.string(),
  detail: z.string(),
})

export const problemSchema = z
  .looseObject({
    type: z.string().openapi({ example: 'urn:list-cutter:problem:file_not_found' }),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(ERRORS) as [string, ...string[]]),
    detail: z.string().openapi({ description: 'One sentence that says what to do.' }),
    instance: z.string().openapi({ description: 'Names this occurrence.' }),
    request_id: z.string(),
    errors: z.array(fieldError).optional(),
  })
  .openapi('Problem', { description: 'A failure. `code` is stable; there may be further members.' })
