/** Is this clause right for these columns, and what can a clause be made of? Asked before a job is submitted, while someone types. */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { AppError } from '../../../shared/base/errors.ts'
import { type FileId, parseId } from '../../../shared/base/ids.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { shapeOf } from '../../../shared/files/file.ts'
import { ownFile, readyFile } from '../../../shared/files/own.ts'
import { checkClause } from '../../../shared/filter/check.ts'
import { functionList } from '../../../shared/filter/functions.ts'
import { WORDS } from '../../../shared/filter/vocabulary.ts'
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

const filterFunction = z
  .object({
    name: z.string(),
    aliases: z.array(z.string()).openapi({ description: 'Other names for the same.' }),
    about: z.string().openapi({ description: 'What it speaks of.', example: 'Text' }),
    signature: z
      .string()
      .openapi({ description: '`name?` may be left out, `...name` stands for one or more.', example: 'left(text, count: integer): text' }),
    means: z.string(),
    example: z.string().openapi({ description: 'A clause that is true.', example: "left('hello', 2) = 'he'" }),
  })
  .openapi('FilterFunction')

const functions = { object: 'list' as const, data: functionList(), words: [...WORDS] }

endpoint(
  filters,
  {
    method: 'get',
    path: '/functions',
    operationId: 'listFilterFunctions',
    tag: 'filters',
    summary: 'The functions that a clause can call, and the words of the language',
    access: 'principal',
    answers: {
      200: {
        description: 'All functions, and all words that are no functions.',
        schema: z.object({ object: z.literal('list'), data: z.array(filterFunction), words: z.array(z.string()) }),
      },
    },
  },
  (c) => c.json(functions),
)
