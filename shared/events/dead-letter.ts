/**
 * A message that its queue gave up on after its last retry. It is kept with its body, so that people can look at it and, when what was wrong is mended, send it again. What it was about is
 * safe without it: the database is the truth, and the tick brings back what still can go on.
 */
import { isoTime } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { DeadLetterId } from '../base/ids.ts'
import { type MessageOf, QUEUES, type QueueName } from '../messages/message.ts'
import type { Ports } from '../ports.ts'
import { findDeadLetter, markReplayed } from './dead-letter.sql.ts'
import { keepIfChanged, outgoing, sendKept } from './outbox.ts'

/** A row of `dead_letters`. */
export interface DeadLetterRow {
  readonly id: DeadLetterId
  readonly queue: string
  /** The queue's own name for it. */
  readonly message_id: string
  /** JSON as it arrived. */
  readonly body: string
  readonly created_at: number
  readonly replayed_at: number | null
  readonly replay_count: number
}

/** A dead letter as the API shows it. */
export const deadLetterView = (letter: DeadLetterRow) => ({
  id: letter.id,
  object: 'dead_letter' as const,
  queue: letter.queue,
  message_id: letter.message_id,
  body: JSON.parse(letter.body) as unknown,
  created_at: isoTime(letter.created_at)!,
  replayed_at: isoTime(letter.replayed_at),
  replay_count: letter.replay_count,
  links: { replay: `/api/v1/admin/dead-letters/${letter.id}/replay` },
})

const isQueue = (name: string): name is QueueName => Object.hasOwn(QUEUES, name)

/** What the queue carries: the message, if this still is one. Throws `message_invalid`: sent again it would die again. */
const messageOf = ({ queue, body }: DeadLetterRow): { queue: QueueName; message: MessageOf<QueueName> } => {
  if (!isQueue(queue)) throw new AppError('message_invalid', `There is no queue ${queue} any more.`, { extra: { queue } })
  const read = QUEUES[queue].safeParse(JSON.parse(body))
  if (read.success) return { queue, message: read.data }
  const places = read.error.issues.map(({ path }) => `/${path.join('/')}`)
  throw new AppError('message_invalid', `This is not what the queue ${queue} carries: it would only die again.`, {
    extra: { queue, places },
  })
}

/** Sends a dead letter's message once more; its consumer takes it like any that comes twice. The letter stays, and counts. Throws `dead_letter_not_found`, `message_invalid`. */
export const replayDeadLetter = async (
  ports: Pick<Ports, 'db' | 'queues' | 'clock' | 'ids' | 'log'>,
  id: DeadLetterId,
): Promise<DeadLetterRow> => {
  const letter = await findDeadLetter(ports.db, id)
  if (!letter) throw new AppError('dead_letter_not_found', 'There is no dead letter with this id.')
  const { queue, message } = messageOf(letter)
  const now = ports.clock.now()
  const row = outgoing(ports.ids, queue, message)
  await ports.db.batch([markReplayed(id, now), keepIfChanged(row, now)])
  await sendKept(ports, [row])
  ports.log.info('message.replayed', { letter: id, queue, message: letter.message_id })
  return (await findDeadLetter(ports.db, id)) ?? letter
}
