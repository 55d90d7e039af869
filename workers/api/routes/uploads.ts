/** Uploads in parts, for what does not fit one request. */
import { OpenAPIHono, type z } from '@hono/zod-openapi'
import { AppError } from '../../../shared/base/errors.ts'
import type { UploadId, UserId } from '../../../shared/base/ids.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { keptContentType } from '../../../shared/files/content-type.ts'
import { fileName } from '../../../shared/files/name.ts'
import { abortUpload, beginUpload, completeUpload, ownUpload, sendPart, type UploadPlan } from '../../../shared/files/send-parts.ts'
import { partsOf } from '../../../shared/files/upload.sql.ts'
import { uploadView } from '../../../shared/files/upload.ts'
import type { Ports } from '../../../shared/ports.ts'
import { endpoint, idParam } from '../endpoint.ts'
import type { Api } from '../env.ts'
import { withPart } from '../http/part.ts'
import { idempotent } from '../idempotency.ts'
import { hintsFrom } from '../schemas/dialect.ts'
import { wholeText } from '../schemas/fields.ts'
import { newUpload, partSchema, uploadSchema } from '../schemas/upload.ts'

export const uploads = new OpenAPIHono<Api>()

const id = idParam('up')
const partNumber = (text: string): number => {
  const number = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= LIMITS.partsMax) return number
  const detail = `Parts are numbered from 1 to ${LIMITS.partsMax}.`
  throw new AppError('field_invalid', detail, { errors: [{ pointer: '/number', code: 'field_invalid', detail }] })
}
const number = { schema: wholeText(1, LIMITS.partsMax), parse: partNumber }

const planOf = (body: z.output<typeof newUpload>): UploadPlan => ({
  about: {
    name: fileName(body.name),
    contentType: keptContentType(body.content_type ?? null),
    tags: body.tags ?? [],
    analyse: body.analyse ?? true,
    hints: hintsFrom(body),
  },
  bytes: body.bytes ?? null,
  partBytes: body.part_bytes ?? null,
})

const shown = async (ports: Ports, owner: UserId, upload: UploadId): Promise<z.input<typeof uploadSchema>> =>
  uploadView(await ownUpload(ports, owner, upload), await partsOf(ports.db, upload))

endpoint(
  uploads,
  {
    method: 'post',
    path: '/',
    operationId: 'beginUpload',
    tag: 'uploads',
    summary: 'Begin an upload in parts',
    access: 'files:write',
    body: newUpload,
    headers: { 'Idempotency-Key': 'A string of yours: the same request with the same key begins one upload.' },
    answers: { 201: { description: 'The upload is open for six days.', schema: uploadSchema } },
    errors: [
      'part_size',
      'dialect_invalid',
      'encoding_unknown',
      'encoding_unsupported',
      'header_invalid',
      'idempotency_mismatch',
      'storage_unavailable',
    ],
  },
  async (c, { body }) => {
    const { ports, principal } = c.var
    return idempotent(c, {
      body,
      status: 201,
      create: async (alongside) => uploadView(await beginUpload(ports, principal.userId, planOf(body), alongside), []),
      again: (upload) => shown(ports, principal.userId, upload as UploadId),
    })
  },
)

endpoint(
  uploads,
  {
    method: 'get',
    path: '/{id}',
    operationId: 'getUpload',
    tag: 'uploads',
    summary: 'What has come of an upload',
    access: 'files:read',
    params: { id },
    answers: { 200: { description: 'The upload with the parts received.', schema: uploadSchema } },
    errors: ['upload_not_found'],
  },
  async (c, { params }) => c.json(await shown(c.var.ports, c.var.principal.userId, params.id)),
)

endpoint(
  uploads,
  {
    method: 'put',
    path: '/{id}/parts/{number}',
    operationId: 'sendPart',
    tag: 'uploads',
    summary: 'Send a part',
    description: 'Parts come in any order. Sending a part again replaces it.',
    access: 'files:write',
    params: { id, number },
    stream: ['application/octet-stream', 'text/csv'],
    headers: { 'Content-Length': 'Required.', 'Content-Digest': 'sha-256 of the part (RFC 9530); verified.' },
    answers: { 200: { description: 'The part is stored.', schema: partSchema } },
    errors: [
      'upload_not_found',
      'upload_not_open',
      'part_size',
      'part_in_flight',
      'field_invalid',
      'length_mismatch',
      'digest_mismatch',
      'body_too_large',
      'header_invalid',
      'encoding_unsupported',
      'storage_unavailable',
    ],
  },
  async (c, { params }) => {
    const part = await withPart(c, (bytes) => sendPart(c.var.ports, c.var.principal.userId, params.id, params.number, bytes))
    return c.json({ object: 'part', upload: params.id, number: part.number, bytes: part.bytes })
  },
)

endpoint(
  uploads,
  {
    method: 'post',
    path: '/{id}/complete',
    operationId: 'completeUpload',
    tag: 'uploads',
    summary: 'Join the parts into the file',
    description: 'Doing it again gives the same answer. The first bytes are looked at afterwards: the file may still be rejected.',
    access: 'files:write',
    params: { id },
    answers: { 200: { description: 'The file is stored.', schema: uploadSchema } },
    errors: ['upload_not_found', 'upload_not_open', 'part_missing', 'part_size', 'length_mismatch', 'storage_unavailable'],
  },
  async (c, { params }) => {
    await completeUpload(c.var.ports, c.var.principal.userId, params.id)
    return c.json(await shown(c.var.ports, c.var.principal.userId, params.id))
  },
)

endpoint(
  uploads,
  {
    method: 'delete',
    path: '/{id}',
    operationId: 'abortUpload',
    tag: 'uploads',
    summary: 'Give an upload up',
    access: 'files:write',
    params: { id },
    answers: { 204: { description: 'Nothing of it is left.' } },
    errors: ['upload_not_found', 'upload_not_open', 'storage_unavailable'],
  },
  async (c, { params }) => {
    await abortUpload(c.var.ports, c.var.principal.userId, params.id)
    return c.body(null, 204)
  },
)
