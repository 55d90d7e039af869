/** The body of POST /files as a file on its way in: raw bytes, or the file of a form. Fields of the form win over the query. */
import type { Context } from 'hono'
import { AppError } from '../../shared/base/errors.ts'
import { fieldErrors } from '../../shared/base/issues.ts'
import { keptContentType } from '../../shared/files/content-type.ts'
import { DEFAULT_NAME, fileName } from '../../shared/files/name.ts'
import type { About, Incoming } from '../../shared/files/receive.ts'
import type { Api } from './env.ts'
import { bodyBlocks } from './http/body.ts'
import { parseDisposition } from './http/disposition.ts'
import { type FormFile, readForm } from './http/form.ts'
import { hintsFrom, hintTexts } from './schemas/dialect.ts'
import { type AboutTexts, aboutTexts } from './schemas/upload-query.ts'

const aboutOf = (said: AboutTexts, filename: string | null, contentType: string | null): About => ({
  name: fileName(said.name ?? filename ?? DEFAULT_NAME),
  contentType: keptContentType(contentType),
  tags: said.tags ?? [],
  analyse: said.analyse ?? true,
  hints: hintsFrom(said),
})

const rawFile = (c: Context<Api>, query: AboutTexts): Incoming => {
  const filename = parseDisposition(c.req.header('content-disposition') ?? '').filename
  const about = aboutOf(query, filename, c.req.header('content-type') ?? null)
  return { pieces: bodyBlocks(c), about: () => about }
}

/** The fields of a form as they are known by now. Throws `multipart_invalid` for one that is unknown, wrong or late. */
const readFields = (form: FormFile): AboutTexts => {
  const late = Object.keys(hintTexts).find((name) => form.fields.has(name) && !form.early.has(name))
  if (late) throw new AppError('multipart_invalid', `The field "${late}" says how to read the file, so it comes before the file.`)
  const read = aboutTexts.strict().safeParse(Object.fromEntries(form.fields))
  if (read.success) return read.data
  const errors = fieldErrors(read.error.issues)
  throw new AppError('multipart_invalid', `${errors[0]?.pointer}: ${errors[0]?.detail}`, { errors })
}

const formFile = (c: Context<Api>, query: AboutTexts, contentType: string): Incoming => {
  const form = readForm(contentType, bodyBlocks(c))
  return {
    pieces: form.pieces,
    about: () => aboutOf({ ...query, ...readFields(form) }, form.file?.filename ?? null, form.file?.contentType ?? null),
  }
}

/** The file that this request carries. */
export const incomingFile = (c: Context<Api>, query: AboutTexts): Incoming => {
  const contentType = c.req.header('content-type') ?? ''
  if (/^multipart\/(?!form-data\b)/i.test(contentType))
    throw new AppError('not_csv', 'Send the CSV itself, or a form (multipart/form-data).')
  return /^multipart\/form-data\b/i.test(contentType) ? formFile(c, query, contentType) : rawFile(c, query)
}
