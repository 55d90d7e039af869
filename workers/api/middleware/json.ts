/** A JSON body against its schema: an object, of known fields only, no bigger than a request of ours ever needs to be. */
import type { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { concatBytes } from '../../../shared/base/bytes.ts'
import { AppError } from '../../../shared/base/errors.ts'
import { misfit } from '../../../shared/base/issues.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { bodyBlocks } from '../http/body.ts'

const notJson = (detail: string) => new AppError('json_invalid', detail)
const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i

const readBytes = async (c: Context): Promise<Uint8Array> => {
  const kept: Uint8Array[] = []
  let count = 0
  for await (const block of bodyBlocks(c)) {
    count += block.length
    if (count > LIMITS.jsonBytesMax)
      throw new AppError('body_too_large', `A JSON body has at most ${LIMITS.jsonBytesMax} bytes.`, {
        extra: { bytes_max: LIMITS.jsonBytesMax },
      })
    kept.push(block.slice())
  }
  return concatBytes(kept)
}

const parse = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes))
  } catch (cause) {
    throw new AppError('json_invalid', 'The body is not JSON in UTF-8.', { cause })
  }
}

/** The body as the schema gives it out. Throws `json_invalid`, `field_unknown`, `field_invalid`, `body_too_large`. */
export const readJson = async <S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> => {
  if (!JSON_TYPE.test(c.req.header('content-type') ?? '')) throw notJson('Send a JSON object with Content-Type: application/json.')
  const value = parse(await readBytes(c))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notJson('The body is a JSON object.')
  const read = schema.safeParse(value)
  if (read.success) return read.data
  throw misfit(read.error.issues)
}
