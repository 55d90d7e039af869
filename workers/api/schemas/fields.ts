/** Fields that several requests share. */
import { z } from '@hono/zod-openapi'
import { LIMITS } from '../../../shared/base/limits.ts'

const TAG = /^[^,\p{Cc}]*$/u

export const tag = z
  .string()
  .trim()
  .min(1)
  .max(LIMITS.tagCharsMax)
  .regex(TAG, 'A tag holds no comma and no control character')
  // Said again, for the generator would write the flag into the pattern: `/u` at its end.
  .openapi({ pattern: TAG.source })

export const tags = z
  .array(tag)
  .max(LIMITS.tagsMax)
  .transform((list) => [...new Set(list)])
  .openapi({ description: `At most ${LIMITS.tagsMax} tags of ${LIMITS.tagCharsMax} characters.`, example: ['2026', 'members'] })

/** Tags where only text can be sent: separated by commas. */
export const tagsText = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  )
  .pipe(z.array(tag).max(LIMITS.tagsMax))
  .transform((list) => [...new Set(list)])
  .openapi({ type: 'string', description: 'Tags, separated by commas.', example: '2026,members' })

/** true or false, as text. */
export const flagText = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .openapi({ type: 'string', enum: ['true', 'false'] })

/** Whether what stands in the way of a deletion is canceled. */
export const cancelFlag = flagText.optional().openapi({
  type: 'string',
  enum: ['true', 'false'],
  description: 'true: jobs that read what is to be deleted are canceled first.',
})

/** A whole number in a range, as text. */
export const wholeText = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'This is a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .openapi({ type: 'integer', minimum: min, maximum: max })

export const time = z.string().openapi({ format: 'date-time', example: '2026-11-20T09:30:00.000Z' })
