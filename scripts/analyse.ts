/** `npm run analyse -- FILE`: what is in this list? Prints its profile, which the service makes of every file that arrives. */
import { awaitProfile } from './lib/await-profile.ts'
import { type Command, EXIT, runCommand, type Values } from './lib/command.ts'
import { DIALECT_OPTIONS, hintsFrom } from './lib/dialect-args.ts'
import { interruptSignal } from './lib/interrupt.ts'
import { analyseHere } from './lib/local/analyse.ts'
import { shapeOf } from './lib/local-check.ts'
import { makeProgress } from './lib/progress.ts'
import { handOver, localList, withService } from './lib/session.ts'
import { showProfile } from './lib/show-profile.ts'
import { callerFolder, sourceFrom } from './lib/source.ts'

const ANALYSE: Command = {
  usage: 'npm run analyse -- [FILE] [options]',
  about:
    'Says what is in a CSV: rows, and per column type, extremes, frequent values. FILE may also be - for stdin, or the id of a file that the service has; without it: the sample.',
  options: {
    ...DIALECT_OPTIONS,
    local: { type: 'boolean', help: 'Read it in this process, without the service: a file or - (stdin).' },
    json: { type: 'boolean', help: 'As JSON.' },
    quiet: { type: 'boolean', short: 'q', help: 'No progress.' },
  },
}

const main = async (values: Values, words: string[]): Promise<number> => {
  const source = sourceFrom(words, callerFolder())
  const hints = hintsFrom(values)
  const progress = makeProgress(process.stderr, values.quiet === true)
  const stop = interruptSignal(() => progress.clear())
  if (values.local) return analyseHere(source, hints, values, progress, stop)
  const list = await localList(source, progress, stop)
  if (list) await shapeOf(list.bytes, list.name, hints)
  const profile = await withService(stop, progress, async (session) => {
    const id = list ? (await handOver(session, list, hints, progress)).id : source.kind === 'file' ? source.id : ''
    return awaitProfile(session, id, progress)
  })
  progress.clear()
  showProfile(profile, values.json === true)
  if (!values.quiet) process.stderr.write(`file ${profile.file}\n`)
  return EXIT.done
}

await runCommand(ANALYSE, main)
