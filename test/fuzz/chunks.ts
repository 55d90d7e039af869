/** The rule of chunks: however small they are, in whatever order they run and wherever they guess that they begin, together they say what one scan by the twin says. */
import { type ByteSpan, type ChunkStart, chunkRange, type joinStep, planChunks } from '../../shared/csv/chunks.ts'
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

/** Each start is guessed or drawn once, for all scanners. */
const guesses = ({ list, guessBytes, drawn }: ChunksCase, random: Random): Guess => {
  const guess = guessFrom(list, guessBytes)
  const drawOne = ({ start, end }: ByteSpan) => ({ at: random.between(start, end - 1), skips: random.oneIn(4) })
  const known = new Map<ByteSpan, ChunkStart | null>()
  return (range) => {
    if (!known.has(range)) known.set(range, drawn > 0 && random.oneIn(drawn) ? drawOne(range) : guess(range))
    return known.get(range)!
  }
}

const check = (scanners: Readonly<Record<string, MakeScanner>>, step: typeof joinStep | undefined, one: ChunksCase): Failure | null => {
  const { list, chunkBytes, seed } = one
  const sizes = { chunkBytesMin: chunkBytes, chunksMax: Number.POSITIVE_INFINITY }
  const plan = planChunks(list.dialect.headerEnd, list.bytes.length, sizes)
  const ranges = Array.from({ length: plan.count }, (_, k) => chunkRange(plan, k))
  const random = new Random(seed)
  const order = randomOrder(random, plan.count)
  const guess = guesses(one, random)
  const whole = scanWhole(makeNaiveScanner, list)
  const expected = JSON.stringify(whole)
  for (const [name, make] of Object.entries(scanners)) {
    const { told } = scanInChunks(make, { list, ranges, order, guess, ...(step && { step }) })
    if (JSON.stringify(told) !== expected)
      return { what: `the whole by the twin and ${plan.count} chunks by ${name}`, expected: whole, actual: told }
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
