/** What is in a file: its bytes, its first rows, its profile. */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { LIMITS } from '../../../shared/base/limits.ts'
import { previewRows } from '../../../shared/csv/preview.ts'
import { beginningOf, openContent, profileText } from '../../../shared/files/content.ts'
import { shapeOf } from '../../../shared/files/file.ts'
import { ownFile, readyFile, refuseUnreadable, type StoredFile, storedFile } from '../../../shared/files/own.ts'
import type { ByteRange } from '../../../shared/files/store.ts'
import { endpoint, idParam } from '../endpoint.ts'
import type { Api } from '../env.ts'
import { reprDigest } from '../http/digests.ts'
import { attachment } from '../http/disposition.ts'
import { isNotModified, rangeHolds } from '../http/etags.ts'
import { contentRange, rangeOf } from '../http/ranges.ts'
import { wholeText } from '../schemas/fields.ts'
import { profileSchema } from '../schemas/profile.ts'

export const content = new OpenAPIHono<Api>()

const id = idParam('file')

/** Headers of the bytes, the same for GET and HEAD, for all of them and for a range. */
const headersOf = (c: Context, file: StoredFile, etag: string, modifiedAt: number): Record<string, string> => {
  const digest = reprDigest(file.sha256, c.req.header('want-repr-digest'))
  return {
    'Accept-Ranges': 'bytes',
    // Whatever stands between must not compress: the ETag and the digest are those of these very bytes.
    'Cache-Control': 'private, no-transform',
    'Content-Disposition': attachment(file.name),
    'Content-Type': file.content_type,
    ETag: etag,
    'Last-Modified': new Date(modifiedAt).toUTCString(),
    ...(digest ? { 'Repr-Digest': digest } : {}),
  }
}

/** The bytes themselves; none are read for HEAD. */
const send = async (c: Context<Api>, file: StoredFile, range: ByteRange | null, headers: Record<string, string>): Promise<Response> => {
  const length = String(range?.length ?? file.bytes)
  const part = range ? { 'Content-Range': contentRange(range, file.bytes) } : {}
  const body = c.req.raw.method === 'HEAD' || length === '0' ? null : await openContent(c.var.ports, file, range)
  return new Response(body, { status: range ? 206 : 200, headers: { ...headers, ...part, 'Content-Length': length } })
}

endpoint(
  content,
  {
    method: 'get',
    path: '/{id}/content',
    operationId: 'getFileContent',
    tag: 'files',
    summary: 'The bytes of a file',
    access: 'files:read',
    params: { id },
    headers: {
      Range: 'One range of bytes; several are answered with the whole.',
      'If-Range': 'An ETag or date: the range holds only for this version.',
      'If-Match': 'An ETag.',
      'If-None-Match': 'An ETag.',
      'If-Modified-Since': 'A date.',
      'If-Unmodified-Since': 'A date.',
      'Want-Repr-Digest': 'sha-256=0 leaves the digest out.',
    },
    answers: {
      200: { description: 'All bytes.', content: ['text/csv'] },
      206: { description: 'The range.', content: ['text/csv'] },
      304: { description: 'Unchanged.' },
    },
    errors: [
      'file_not_found',
      'file_not_stored',
      'file_missing',
      'rev_stale',
      'range_unsatisfiable',
      'header_invalid',
      'storage_unavailable',
    ],
  },
  async (c, { params }) => {
    const file = storedFile(await ownFile(c.var.ports.db, c.var.principal.userId, params.id))
    const etag = `"${file.etag}"`
    const modifiedAt = file.stored_at ?? file.created_at
    const headers = headersOf(c, file, etag, modifiedAt)
    if (isNotModified(c, etag, modifiedAt)) return c.body(null, 304, headers)
    // Ranges are defined for GET only (RFC 9110, section 14.2).
    const isRanged = c.req.raw.method === 'GET' && rangeHolds(c, etag, modifiedAt)
    return send(c, file, isRanged ? rangeOf(c.req.header('range'), file.bytes) : null, headers)
  },
)

endpoint(
  content,
  {
    method: 'get',
    path: '/{id}/rows',
    operationId: 'getFileRows',
    tag: 'files',
    summary: 'The first rows of a file',
    description: `At most ${LIMITS.previewRowsMax} records out of the first ${LIMITS.previewBytes} bytes (unpacked and decoded, if need be), as texts, unquoted.`,
    access: 'files:read',
    params: { id },
    query: z.object({ limit: wholeText(1, LIMITS.previewRowsMax).optional() }),
    answers: {
      200: {
        description: 'The rows.',
        schema: z
          .object({
            object: z.literal('rows'),
            file: z.string(),
            columns: z.array(z.string()),
            rows: z.array(z.array(z.string())),
            is_all: z.boolean().openapi({ description: 'True: the file has no more rows than these.' }),
          })
          .openapi('Rows'),
      },
    },
    errors: [
      'file_not_found',
      'file_not_stored',
      'file_not_settled',
      'file_rejected',
      'file_not_csv',
      'file_missing',
      'gzip_invalid',
      'storage_unavailable',
    ],
  },
  async (c, { params, query }) => {
    const file = readyFile(await ownFile(c.var.ports.db, c.var.principal.userId, params.id))
    const { dialect, columns } = shapeOf(file)!
    const { bytes, isWhole } = await beginningOf(c.var.ports, file, dialect)
    const limit = query.limit ?? LIMITS.pageSizeDefault
    const rows = previewRows(bytes, dialect, limit + 1, isWhole)
    return c.json({ object: 'rows', file: file.id, columns, rows: rows.slice(0, limit), is_all: isWhole && rows.length <= limit })
  },
)

endpoint(
  content,
  {
    method: 'get',
    path: '/{id}/profile',
    operationId: 'getFileProfile',
    tag: 'files',
    summary: 'What analyse found',
    access: 'files:read',
    params: { id },
    answers: { 200: { description: 'The profile.', schema: profileSchema } },
    errors: ['file_not_found', 'file_rejected', 'file_not_csv', 'profile_not_ready', 'storage_unavailable'],
  },
  async (c, { params }) => {
    const file = await ownFile(c.var.ports.db, c.var.principal.userId, params.id)
    refuseUnreadable(file)
    return c.body(await profileText(c.var.ports, file), 200, { 'Content-Type': 'application/json' })
  },
)
