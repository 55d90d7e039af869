/** Opens what the first word of a command names, without a service. */
import type { DialectHints } from '../../../shared/csv/sniff/sniff.ts'
import { UsageError } from '../command.ts'
import { statePlaces } from '../places.mjs'
import type { Progress } from '../progress.ts'
import { makeSample } from '../sample.ts'
import type { Source } from '../source.ts'
import { type Blocks, fileBlocks, stdinBlocks } from './blocks.ts'
import { asFailure } from './failure.ts'
import { type OpenList, openList } from './list.ts'

interface Bytes {
  readonly name: string
  readonly blocks: Blocks
}

const sampleBytes = (progress: Progress): Bytes => {
  const { sample } = statePlaces()
  progress.stage(`no file named: using the sample list ${sample}`)
  makeSample(sample)
  return { name: 'sample.csv', blocks: fileBlocks(sample) }
}

const bytesOf = (source: Source, progress: Progress, signal: AbortSignal): Bytes => {
  if (source.kind === 'path') return { name: source.name, blocks: fileBlocks(source.path) }
  if (source.kind === 'stdin') return { name: 'stdin', blocks: stdinBlocks(signal) }
  if (source.kind === 'sample') return sampleBytes(progress)
  throw new UsageError(`${source.id} is with the service: leave out --local, or name a file on this machine.`)
}

/** Opens the list and hands it to `use`; whatever holds its bytes is let go afterwards. Throws UsageError for a file of the service, CommandError for what is no list. */
export const withList = async <T>(
  source: Source,
  hints: DialectHints,
  progress: Progress,
  signal: AbortSignal,
  use: (list: OpenList, name: string) => Promise<T>,
): Promise<T> => {
  const { name, blocks } = bytesOf(source, progress, signal)
  try {
    return await use(await openList(blocks, name, hints), name)
  } catch (error) {
    throw signal.aborted ? signal.reason : asFailure('write the result', error)
  } finally {
    await blocks.return()
  }
}
