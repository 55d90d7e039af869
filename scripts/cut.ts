/** `npm run cut -- FILE --where CLAUSE --out FILE`: the main job, end to end. See lib/cut-args.ts for what can be asked and README for examples. */
import type { JobResult } from '../shared/client/api.ts'
import { EXIT, runCommand, type Values } from './lib/command.ts'
import { CUT, type CutRequest, cutRequest } from './lib/cut-args.ts'
import { cutList } from './lib/cut-list.ts'
import { orderFor, refuseWrongOrder } from './lib/cut-order.ts'
import { interruptSignal } from './lib/interrupt.ts'
import { cutHere } from './lib/local/cut.ts'
import { shapeOf } from './lib/local-check.ts'
import { stateFolder } from './lib/places.mjs'
import { makeProgress } from './lib/progress.ts'
import { localList, withService } from './lib/session.ts'
import { callerFolder } from './lib/source.ts'
import { type Done, summaryJson, summaryText } from './lib/summary.ts'

/** Results go to stdout, what was done to stderr. */
const tell = ({ target, isJson, isQuiet }: CutRequest, { done, result }: { done: Done; result: JobResult }): void => {
  if (!isQuiet) process.stderr.write(summaryText(done))
  if (result.head_truncated) process.stderr.write('The rows shown were cut short: they are too long to show them all.\n')
  if (isJson)
    process.stdout.write(
      `${JSON.stringify({ ...summaryJson(done), ...(target.kind === 'answer' ? { head: result.head ?? '' } : {}) }, null, 2)}\n`,
    )
  else if (target.kind === 'answer') process.stdout.write(target.head > 0 ? (result.head ?? '') : `${done.job.progress.rows_out}\n`)
}

const main = async (values: Values, words: string[]): Promise<number> => {
  const request = cutRequest(values, words, callerFolder(), stateFolder())
  const progress = makeProgress(process.stderr, request.isQuiet)
  const stop = interruptSignal(() => {
    progress.clear()
    process.stderr.write('Canceling (Ctrl-C again to leave at once).\n')
  })
  if (request.isLocal) return cutHere(request, progress, stop)
  const list = await localList(request.source, progress, stop)
  refuseWrongOrder(orderFor(request), list ? await shapeOf(list.bytes, list.name, request.hints) : null)
  if (request.source.kind === 'sample' && !request.isQuiet) process.stderr.write(`--where "${request.where}"\n`)
  tell(request, await withService(stop, progress, (session) => cutList(session, request, list, progress)))
  return EXIT.done
}

await runCommand(CUT, main)
