/** `npm run analyse -- FILE`: what is in this list? Prints its profile, which the service makes of every file that arrives. */
import { profileTable } from '../shared/client/profile-table.ts'
import { awaitProfile } from './lib/await-profile.ts'
import { type Command, EXIT, runCommand, type Values } from './lib/command.ts'
import { DIALECT_OPTIONS, hintsFrom } from './lib/dialect-args.ts'
import { interruptSignal } from './lib/interrupt.ts'
import { columnsOf } from './lib/local-check.ts'
import { makeProgress } from './lib/progress.ts'
import { handOver, localList, withService } from './lib/session.ts'
import { callerFolder, sourceFrom } from './lib/source.ts'

const ANALYSE: Command = {
  usage: 'npm run analyse -- [FILE] [options]',
  about:
    'Says what is in a CSV: rows, and per column type, extremes, frequent values. FILE may also be the id of a file that the service has; without it: the sample.',
  options: {
    ...DIALECT_OPTIONS,
    json: { type: 'boolean', help: 'As JSON.' },
    quiet: { type: 'boolean', short: 'q', help: 'No progress.' },
  },
}

const NARROW = 80
/** Wide enough to be read by a program line by line. */
const WIDE = 160

const main = async (values: Values, words: string[]): Promise<number> => {
  const source = sourceFrom(words, callerFolder())
  const hints = hintsFrom(values)
  const progress = makeProgress(process.stderr, values.quiet === true)
  const stop = interruptSignal(() => progress.clear())
  const list = await localList(source, progress)
  if (list) await columnsOf(list.bytes, list.name, hints)
  const profile = await withService(stop, progress, async (session) => {
    const id = list ? (await handOver(session, list, hints, progress)).id : source.kind === 'file' ? source.id : ''
    return awaitProfile(session, id, progress)
  })
  progress.clear()
  const width = process.stdout.isTTY ? Math.max(NARROW, process.stdout.columns) : WIDE
  process.stdout.write(values.json ? `${JSON.stringify(profile, null, 2)}\n` : `${profileTable(profile, width).trimEnd()}\n`)
  if (!values.quiet) process.stderr.write(`file ${profile.file}\n`)
  return EXIT.done
}

await runCommand(ANALYSE, main)
