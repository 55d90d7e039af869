/** Messages that their queues gave up on: for those who look after the service, to read and to send again. */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { listDeadLetters } from '../../../shared/events/dead-letter.sql.ts'
import { type DeadLetterRow, deadLetterView, replayDeadLetter } from '../../../shared/events/dead-letter.ts'
import { QUEUES, type QueueName } from '../../../shared/messages/message.ts'
import { endpoint, idParam } from '../endpoint.ts'
import type { Api } from '../env.ts'
import { pageFields, paging } from '../paging.ts'
import { type DeadLetterAnswer, deadLetterSchema } from '../schemas/dead-letter.ts'
import { flagText } from '../schemas/fields.ts'
import { pageSchema } from '../schemas/file.ts'

export const deadLetters = new OpenAPIHono<Api>()

const shown = (letter: DeadLetterRow): DeadLetterAnswer => deadLetterView(letter)

endpoint(
  deadLetters,
  {
    method: 'get',
    path: '/',
    operationId: 'listDeadLetters',
    tag: 'admin',
    summary: 'List messages that their queues gave up on, newest first',
    access: 'admin',
    query: z.object({
      queue: z.enum(Object.keys(QUEUES) as [QueueName, ...QueueName[]]).optional(),
      replayed: flagText
        .optional()
        .openapi({ type: 'string', enum: ['true', 'false'], description: 'Only those that were sent again, or only those that were not.' }),
      ...pageFields,
    }),
    answers: { 200: { description: 'A page.', schema: pageSchema(deadLetterSchema) } },
    errors: ['cursor_invalid'],
  },
  async (c, { query }) => {
    const page = paging(c, 'dead letters', query)
    const filter = { queue: query.queue ?? null, replayed: query.replayed ?? null }
    return c.json(page.answer(await listDeadLetters(c.var.ports.db, filter, page.after, page.limit), shown))
  },
)

endpoint(
  deadLetters,
  {
    method: 'post',
    path: '/{id}/replay',
    operationId: 'replayDeadLetter',
    tag: 'admin',
    summary: 'Send a message again that its queue gave up on',
    description:
      'To the queue it came from, if it still is what that queue carries. Consumers take a message that comes twice once, so a replay too many does no harm. What the message was about may have ended since: then nothing comes of it.',
    access: 'admin',
    params: { id: idParam('dead') },
    answers: { 202: { description: 'It is on its way, and the letter says so.', schema: deadLetterSchema } },
    errors: ['dead_letter_not_found', 'message_invalid'],
  },
  async (c, { params }) => c.json(shown(await replayDeadLetter(c.var.ports, params.id)), 202),
)
