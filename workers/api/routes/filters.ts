/** Is this clause right for these columns? Asked before a job is submitted, while someone types. */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { AppError } from '../../../shared/base/errors.ts'
import { type FileId, parseId } from '../../../shared/base/ids.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { shapeOf } from '../../../shared/files/file.ts'
import { ownFile, readyFile } from '../../../shared/files/own.ts'
import { checkClause } from '../../../shared/filter/check.ts'
import { endpoint } from '../endpoint.ts'
import type { Api } from '../env.ts'

export const filters = new OpenAPIHono<Api>()

const check = z
  .strictObject({
    where: z.string().openapi({ description: 'The clause.', example: "age > 60 AND state = 'NY'" }),
    columns: z.array(z.string()).min(1).max(LIMITS.columnsMax).optional().openapi({ description: 'Names of columns, in order.' }),
    file: z.string().optional().openapi({ description: 'A file whose columns to take instead.' }),
  })
  .refine(({ columns, file }) => (columns === undefined) !== (file === undefined), {
    message: 'Give either columns or file',
    path: ['columns'],
  })
  .openapi('ClauseCheck')

const verdict = z
  .object({
    ok: z.boolean(),
    clause: z.string().optional().openapi({ description: 'If right: the clause in its one normal writing.' }),
    error: z
      .object({
        code: z.enum(['clause_invalid', 'column_unknown', 'column_ambiguous', 'type_mismatch']),
        at: z.int().openapi({ description: 'Where it begins, in UTF-16 units of the clause.' }),
        length: z.int(),
        text: z.string(),
        found: z.string().optional(),
        expected: z.string().optional(),
        suggestion: z.string().optional(),
      })
      .optional(),
  })
  .openapi('ClauseVerdict')

endpoint(
  filters,
  {
    method: 'post',
    path: '/check',
    operationId: 'checkFilter',
    tag: 'filters',
    summary: 'Check a clause against columns',
    description: 'A wrong clause is an answer like any other: 200 with `ok: false` and where the mistake is.',
    access: 'files:read',
    body: check,
    answers: { 200: { description: 'The verdict.', schema: verdict } },
    errors: ['id_kind', 'file_not_found', 'file_not_stored', 'file_not_settled', 'file_rejected', 'file_not_csv', 'file_missing'],
  },
  async (c, { body }) => {
    const columnsOf = async (id: FileId): Promise<readonly string[]> => {
      const shape = shapeOf(readyFile(await ownFile(c.var.ports.db, c.var.principal.userId, id)))
      if (!shape) throw new AppError('file_not_settled', 'The columns of this file are not known yet.')
      return shape.columns
    }
    const checked = checkClause(body.where, body.columns ?? (await columnsOf(parseId('file', body.file ?? ''))))
    return c.json(checked.ok ? { ok: true, clause: checked.filter.clause } : checked)
  },
)
