/**
 * How much memory does the runtime take? The high-water mark of workerd (VmHWM) after the first and the third job over one list, and after a bare copy of the same file by a worker that does nothing else,
 * in a runtime of its own over the same bucket. The service is started anew after the upload, so that the upload is in none of them.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { LIMITS } from '../../../shared/base/limits.ts'
import { CommandError } from '../command.ts'
import type { Progress } from '../progress.ts'
import { withService } from '../session.ts'
import { startWrangler } from '../wrangler-dev.ts'
import type { List } from './contender.ts'
import { refuseWithoutProc, runtimeMemory } from './runtime-memory.ts'
import type { Scenario } from './scenarios.ts'
import { endOwnService, filterOnce, handOverList, withOwnService } from './service-seat.ts'

export interface MemoryResult {
  /** In MiB. */
  readonly afterFirst: number
  readonly afterThird: number
  readonly bareCopy: number
}

const peak = (state: string): number => runtimeMemory(state, 'VmHWM')

/** Where the worker that only copies is configured: over the bucket of the service. */
const copierConfig = (state: string): string => {
  const file = path.join(state, 'r2-copy.json')
  const config = {
    name: 'list-cutter-r2-copy',
    main: path.join(import.meta.dirname, './r2-copy-worker.mjs'),
    compatibility_date: '2026-10-23',
    r2_buckets: [{ binding: 'BUCKET', bucket_name: 'list-cutter' }],
  }
  writeFileSync(file, JSON.stringify(config))
  return file
}

/** The high-water mark of a runtime in which the file was copied, and nothing else. */
const bareCopy = async (state: string): Promise<number> => {
  const wrangler = startWrangler(() => {}, [copierConfig(state)])
  try {
    const answer = await fetch(`${await wrangler.ready}/copy?part_bytes=${LIMITS.partBytes}`)
    if (!answer.ok) throw new CommandError(`The bare copy failed: ${await answer.text()}`)
    return peak(state)
  } finally {
    await wrangler.end()
  }
}

/** Measures; Linux only. Leaves the state behind for removeOwnState. */
export const measureMemory = async (
  scenario: Scenario,
  list: List,
  folder: string,
  stop: AbortSignal,
  progress: Progress,
): Promise<MemoryResult> => {
  refuseWithoutProc()
  const state = path.join(folder, 'state')
  progress.stage('uploading the list')
  const file = await withOwnService(folder, stop, (session) => handOverList(session, list))
  await endOwnService()
  const marks = await withService(stop, progress, async (session) => {
    const after: number[] = []
    for (const which of ['first', 'second', 'third']) {
      progress.stage(`the ${which} job`)
      await filterOnce(session, file, scenario)
      after.push(peak(state))
    }
    return after
  })
  await endOwnService()
  progress.stage('the bare copy')
  return { afterFirst: marks[0]!, afterThird: marks[2]!, bareCopy: await bareCopy(state) }
}

/** At most a tenth more after the third than after the first, and at most so many MiB more than a bare copy. */
const GROWTH_MAX = 1.1
const OVER_COPY_MAX_MIB = 64

const verdict = (isReached: boolean): string => (isReached ? 'reached' : 'not reached')

/** For people. */
export const memoryText = ({ afterFirst, afterThird, bareCopy: copy }: MemoryResult): string =>
  [
    `workerd at its highest, after the first job   ${afterFirst.toFixed(0)} MiB`,
    `                        after the third job   ${afterThird.toFixed(0)} MiB  ${(100 * (afterThird / afterFirst - 1)).toFixed(1)} % more (mark: 10 %, ${verdict(afterThird <= GROWTH_MAX * afterFirst)})`,
    `                        after a bare copy     ${copy.toFixed(0)} MiB  the jobs took ${(afterThird - copy).toFixed(0)} MiB more (mark: ${OVER_COPY_MAX_MIB} MiB, ${verdict(afterThird - copy <= OVER_COPY_MAX_MIB)})`,
    '',
  ].join('\n')

/** For programs. */
export const memoryJson = ({ afterFirst, afterThird, bareCopy: copy }: MemoryResult) => ({
  after_first_mib: Math.round(afterFirst),
  after_third_mib: Math.round(afterThird),
  bare_copy_mib: Math.round(copy),
})
