/** `npm run drop -- FILE`: puts a list straight into the local bucket's inbox, where no API call and no event tells of it, and waits until it is a file. */
import { settledFile } from './lib/await-profile.ts'
import { type Command, EXIT, runCommand, UsageError, type Values } from './lib/command.ts'
import { adoptedFile, putIntoInbox } from './lib/inbox.ts'
import { interruptSignal } from './lib/interrupt.ts'
import { counted } from './lib/numbers.ts'
import { makeProgress } from './lib/progress.ts'
import { localList, withService } from './lib/session.ts'
import { callerFolder, sourceFrom } from './lib/source.ts'

const DROP: Command = {
  usage: 'npm run drop -- FILE',
  about: 'Puts a CSV straight into the local bucket, under inbox/, and waits until the service has made a file of it.',
  options: {
    json: { type: 'boolean', help: 'The file as JSON.' },
    quiet: { type: 'boolean', short: 'q', help: 'No progress.' },
  },
}

const main = async (values: Values, words: string[]): Promise<number> => {
  const source = sourceFrom(words, callerFolder())
  if (source.kind !== 'path') throw new UsageError('Name the file to drop: npm run drop -- FILE')
  const progress = makeProgress(process.stderr, values.quiet === true)
  const stop = interruptSignal(() => progress.clear())
  const list = await localList(source, progress, stop)
  const file = await withService(stop, progress, async (session) => {
    const etag = await putIntoInbox(session.url, list ?? { name: source.name, bytes: new Blob([]) })
    const adopted = await adoptedFile(session, source.name, etag, progress)
    return settledFile(session, adopted.id, progress)
  })
  progress.clear()
  const line = `${file.id}  ${file.name}  ${counted(file.columns?.length ?? 0, 'column')}`
  process.stdout.write(`${values.json ? JSON.stringify(file, null, 2) : line}\n`)
  return EXIT.done
}

await runCommand(DROP, main)
