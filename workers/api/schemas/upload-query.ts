/** What may be said about a file that comes in one request: the same words in the query and in the fields of a form. */
import { z } from '@hono/zod-openapi'
import { LIMITS } from '../../../shared/base/limits.ts'
import { hintTexts } from './dialect.ts'
import { flagText, tagsText } from './fields.ts'

export const aboutTexts = z.object({
  name: z
    .string()
    .max(LIMITS.givenNameCharsMax)
    .optional()
    .openapi({ description: 'The name of the file; else that of Content-Disposition, else upload.csv.' }),
  tags: tagsText.optional(),
  analyse: flagText.optional(),
  ...hintTexts,
})

export type AboutTexts = z.output<typeof aboutTexts>
