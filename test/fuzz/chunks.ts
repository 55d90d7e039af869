/** The rule of chunks: however small they are, in whatever order they run and wherever they guess that they begin, together they say what one scan by the twin says. */
import { type ByteSpan, chunkRange, type joinStep, planChunks } from '../../shared/csv/chunks.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import type { MakeScanner } from '../../shared/csv/scanner.ts'
import { type ChunkedList, type Guess, guessFrom, scanInChunks, scanWhole } from '../support/chunked.ts'
import { Random } from '../support/random.ts'
import { noiseWithSense, randomDialect } from './noise.ts'
import { type AnyTarget, define, type Failure, json, shorter } from './target.ts'

interface ChunksCase {
  readonly list: ChunkedList
  readonly chunkBytes: number
  readonly guessBytes: number
  /** One in so many starts is not guessed but drawn; 0: none. */
  readonly drawn: number
  /** Of the order, and of the starts that are drawn. */
  readonly seed: number
}

const BYTES_MAX = 300
const LONG_BYTES_MAX = 1_500
const CHUNK_BYTES_MAX = 64
const MIB = 1 << 20

const randomCase = (random: Random): ChunksCase => {
  const dialect = randomDialect(random)
  const bytes = noiseWithSense(random, dialect, random.oneIn(8) ? LONG_BYTES_MAX : BYTES_MAX)
  const headerEnd = random.oneIn(2) ? 0 : random.below(Math.min(20, bytes.length) + 1)
  return {
    list: {
      bytes,
      dialect: { ...dialect, headerEnd },
      columns: random.between(1, 4),
      recordBytesMax: random.oneIn(6) ? MIB : random.between(2, random.pick([4, 20, 200])),
      blockBytes: random.between(1, random.pick([4, CHUNK_BYTES_MAX, LONG_BYTES_MAX])),
    },
    chunkBytes: random.between(1, random.pick([4, 16, CHUNK_BYTES_MAX])),
    guessBytes: random.between(1, random.pick([8, 200])),
    drawn: random.pick([0, 0, 1, 3]),
    seed: random.bits(),
  }
}

/** Some from the left as they come, the others in any order. */
const randomOrder = (random: Random, count: number): number[] => {
  const order = Array.from({ length: count }, (_, k) => k)
  for (let i = count - 1; i > random.below(count + 1); i--) {
    const j = random.below(i + 1)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}

const withDrawn =
  (random: Random, drawn: number, guess: Guess): Guess =>
  (range: ByteSpan) =>
    drawn > 0 && random.oneIn(drawn) ? { at: random.between(range.start, range.end - 1), skips: random.oneIn(4) } : guess(range)

const check = (
  scanners: Readonly<Record<string, MakeScanner>>,
  step: typeof joinStep | undefined,
  { list, chunkBytes, guessBytes, drawn, seed }: ChunksCase,
): Failure | null => {
  const { bytes, dialect } = list
  const plan = planChunks(Math.min(dialect.headerEnd, bytes.length), bytes.length, {
    chunkBytesMin: chunkBytes,
    chunksMax: Number.POSITIVE_INFINITY,
  })
  const ranges = Array.from({ length: plan.count }, (_, k) => chunkRange(plan, k))
  const expected = scanWhole(makeNaiveScanner, list)
  for (const [name, make] of Object.entries(scanners)) {
    const random = new Random(seed)
    const order = randomOrder(random, plan.count)
    const guess = withDrawn(random, drawn, guessFrom(list, guessBytes))
    const { told } = scanInChunks(make, { list, ranges, order, guess, ...(step && { step }) })
    if (json(told) !== json(expected)) return { what: `the whole by the twin and ${plan.count} chunks by ${name}`, expected, actual: told }
  }
  return null
}

function* smaller(one: ChunksCase): Generator<ChunksCase> {
  for (const [, , rest] of shorter(one.list.bytes)) {
    const { dialect } = one.list
    const headerEnd = Math.min(dialect.headerEnd, rest.length)
    yield { ...one, list: { ...one.list, bytes: rest, dialect: { ...dialect, headerEnd } } }
  }
}

export const chunksTarget = (scanners: Readonly<Record<string, MakeScanner>>, step?: typeof joinStep): AnyTarget =>
  define<ChunksCase>({
    name: 'chunks',
    generate: randomCase,
    check: (one) => check(scanners, step, one),
    files: ({ list: { bytes, ...list }, ...rest }) => ({ 'input.bin': bytes, 'options.json': json({ ...list, ...rest }) }),
    smaller,
  })
