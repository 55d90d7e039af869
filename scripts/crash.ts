/** `npm run crash`: is anything lost when everything dies? The runtime is killed again and again in the middle of jobs. See lib/crash/run.ts for how, and lib/crash/runtime.ts for what of time. */

import { CommandError, EXIT, runCommand, type Values } from './lib/command.ts'
import { CRASH, crashRequest } from './lib/crash/args.ts'
import { crashText, isClean } from './lib/crash/report.ts'
import { crashRun } from './lib/crash/run.ts'
import { interruptSignal } from './lib/interrupt.ts'
import { makeProgress } from './lib/progress.ts'
import { callerFolder } from './lib/source.ts'

const main = async (values: Values, words: string[]): Promise<number> => {
  if (process.platform !== 'linux') throw new CommandError('Whether a process is gone can be read on Linux only.')
  const request = crashRequest(values, words, callerFolder())
  const progress = makeProgress(process.stderr, false)
  const stop = interruptSignal(() => progress.clear())
  const result = await crashRun(request, progress, stop)
  progress.clear()
  process.stdout.write(crashText(result))
  return isClean(result) ? EXIT.done : EXIT.failed
}

await runCommand(CRASH, main)
