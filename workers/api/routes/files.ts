/** Files: hand one over, list, look, rename, delete. Their bytes are in content.ts. */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { AppError } from '../../../shared/base/errors.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { deleteOwnFile } from '../../../shared/files/delete.ts'
import { editFile } from '../../../shared/files/edit.sql.ts'
import { type FileRow, fileView } from '../../../shared/files/file.ts'
import { listFiles } from '../../../shared/files/list.sql.ts'
import { fileName } from '../../../shared/files/name.ts'
import { ownFile } from '../../../shared/files/own.ts'
import { receiveFile } from '../../../shared/files/receive.ts'
import { cancelJobsOn } from '../../../shared/jobs/free-file.ts'
import { endpoint, idParam } from '../endpoint.ts'
import type { Api } from '../env.ts'
import { ifMatch, isKnown, requireIfMatch, revTag } from '../http/etags.ts'
import { incomingFile } from '../incoming.ts'
import { requireScope } from '../middleware/scope.ts'
import { pageFields, paging } from '../paging.ts'
import { cancelFlag, tag, tags } from '../schemas/fields.ts'
import { type FileAnswer, fileSchema, LISTED_STATES, pageSchema } from '../schemas/file.ts'
import { aboutTexts } from '../schemas/upload-query.ts'

export const files = new OpenAPIHono<Api>()

const shown = (file: FileRow): FileAnswer => fileView(file)
const id = idParam('file')

endpoint(
  files,
  {
    method: 'post',
    path: '/',
    operationId: 'createFile',
    tag: 'files',
    summary: 'Hand over a CSV in one request',
    description:
      'The body is the CSV itself, or a form with the CSV as its field `file`; what the query takes may then be fields of the form. The first bytes are looked at before anything is stored. A .gz file is kept as it is and unpacked when it is read. More than 100,000,000 bytes go in parts: POST /uploads.',
    access: 'files:write',
    query: aboutTexts,
    stream: ['text/csv', 'application/gzip', 'application/octet-stream', 'multipart/form-data'],
    headers: {
      'Content-Disposition': 'A file name, where the query gives none.',
      'Content-Digest': 'sha-256 of the body (RFC 9530); verified.',
      'Repr-Digest': 'The same.',
    },
    answers: { 201: { description: 'The file is stored. It is looked at and analysed next.', schema: fileSchema } },
    errors: [
      'file_empty',
      'not_csv',
      'encoding_unsupported',
      'encoding_unknown',
      'gzip_invalid',
      'dialect_invalid',
      'too_many_columns',
      'body_too_large',
      'length_mismatch',
      'digest_mismatch',
      'multipart_invalid',
      'header_invalid',
      'field_invalid',
      'storage_unavailable',
    ],
  },
  async (c, { query }) => {
    const file = await receiveFile(c.var.ports, c.var.principal.userId, incomingFile(c, query))
    return c.json(shown(file), 201, { Location: `/api/v1/files/${file.id}`, ETag: revTag(file.rev) })
  },
)

endpoint(
  files,
  {
    method: 'get',
    path: '/',
    operationId: 'listFiles',
    tag: 'files',
    summary: 'List files, newest first',
    access: 'files:read',
    query: z.object({
      tag: tag.optional().openapi({ description: 'Only files with this tag, yours or ours.' }),
      name: z
        .string()
        .min(1)
        .max(LIMITS.nameBytesMax)
        .optional()
        .openapi({ description: 'Only files whose name holds this; A to Z without case.' }),
      state: z.enum(LISTED_STATES).optional(),
      ...pageFields,
    }),
    answers: { 200: { description: 'A page.', schema: pageSchema(fileSchema) } },
    errors: ['cursor_invalid'],
  },
  async (c, { query }) => {
    const page = paging(c, 'files', query)
    const filter = { tag: query.tag ?? null, name: query.name ?? null, state: query.state ?? null }
    return c.json(page.answer(await listFiles(c.var.ports.db, c.var.principal.userId, filter, page.after, page.limit), shown))
  },
)

endpoint(
  files,
  {
    method: 'get',
    path: '/{id}',
    operationId: 'getFile',
    tag: 'files',
    summary: 'What is known of a file',
    access: 'files:read',
    params: { id },
    headers: { 'If-None-Match': 'An ETag read before: 304 if nothing has changed.' },
    answers: { 200: { description: 'The file.', schema: fileSchema }, 304: { description: 'Unchanged.' } },
    errors: ['file_not_found'],
  },
  async (c, { params }) => {
    const file = await ownFile(c.var.ports.db, c.var.principal.userId, params.id)
    const etag = revTag(file.rev)
    return isKnown(c, etag) ? c.body(null, 304, { ETag: etag }) : c.json(shown(file), 200, { ETag: etag })
  },
)

endpoint(
  files,
  {
    method: 'patch',
    path: '/{id}',
    operationId: 'editFile',
    tag: 'files',
    summary: 'Rename or retag a file',
    access: 'files:write',
    params: { id },
    body: z.strictObject({ name: z.string().min(1).max(LIMITS.givenNameCharsMax).optional(), tags: tags.optional() }).openapi('FileEdit'),
    headers: { 'If-Match': 'Required: the ETag that you read.' },
    answers: { 200: { description: 'The file as it is now.', schema: fileSchema } },
    errors: ['file_not_found', 'if_match_required', 'rev_stale'],
  },
  async (c, { params, body }) => {
    const isMeant = requireIfMatch(c)
    const { db } = c.var.ports
    const owner = c.var.principal.userId
    const before = await ownFile(db, owner, params.id)
    const change = { name: body.name === undefined ? null : fileName(body.name), tags: body.tags ?? null }
    const file = isMeant(revTag(before.rev)) ? await editFile(db, owner, params.id, before.rev, change) : null
    if (!file) throw new AppError('rev_stale', 'The file has changed since you read it. Read it again and decide anew.')
    return c.json(shown(file), 200, { ETag: revTag(file.rev) })
  },
)

endpoint(
  files,
  {
    method: 'delete',
    path: '/{id}',
    operationId: 'deleteFile',
    tag: 'files',
    summary: 'Delete a file',
    description:
      'Its bytes go. Where lineage names the file, a tombstone stays. Deleting it again is fine. While jobs read it, it is refused and names them; with `cancel=true` (which needs jobs:run too) they are canceled first, and the answer waits until they have ended.',
    access: 'files:write',
    params: { id },
    query: z.object({ cancel: cancelFlag }),
    headers: { 'If-Match': 'Honoured: delete only the revision that you read.' },
    answers: { 204: { description: 'Deleted, now or before.' } },
    errors: ['file_not_found', 'file_in_use', 'file_not_stored', 'rev_stale'],
  },
  async (c, { params, query }) => {
    const { ports, principal, requestId } = c.var
    const matches = ifMatch(c)
    const isMeant = matches && ((file: FileRow) => matches(revTag(file.rev)))
    if (query.cancel) requireScope(c, 'jobs:run')
    const free = query.cancel ? () => cancelJobsOn(ports, principal.userId, params.id) : null
    await deleteOwnFile(ports, { owner: principal.userId, id: params.id, isMeant, requestId, free })
    return c.body(null, 204)
  },
)
