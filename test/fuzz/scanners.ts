/** Every scanner against the twin, cut in any way, and the twin against the slow splitter: positions, fields, counts, warnings, rejects. */
import type { Dialect } from '../../shared/csv/dialect.ts'
import { unquote } from '../../shared/csv/field.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import { fieldCount, type RecordBatch } from '../../shared/csv/record-batch.ts'
import type { MakeScanner, ScanOptions } from '../../shared/csv/scanner.ts'
import type { Random } from '../support/random.ts'
import { cutAt, inPieces, scanOptions } from '../support/scan.ts'
import { slowSplit } from '../support/slow-split.ts'
import { noiseWithSense, randomDialect } from './noise.ts'
import { type AnyTarget, define, type Failure, json, shorter } from './target.ts'
import { inWords, transcriptOf } from './transcript.ts'

interface ScanCase {
  readonly bytes: Uint8Array
  readonly options: ScanOptions
  /** Where the pushes end; null: after every byte. */
  readonly cuts: readonly number[] | null
}

const BYTES_MAX = 1_500
/** The slow splitter begins a window at every line: on long inputs with long lines it is slow indeed. */
const SLOW_BYTES_MAX = 300

const byNumber = (a: number, b: number): number => a - b

const randomCase = (random: Random): ScanCase => {
  const dialect = randomDialect(random)
  const bytes = noiseWithSense(random, dialect, random.oneIn(4) ? BYTES_MAX : SLOW_BYTES_MAX)
  const start = random.oneIn(4) ? random.below(1_000) : 0
  const options = scanOptions({
    dialect: { ...dialect, bom: random.oneIn(8) },
    start,
    end: random.oneIn(4) ? start + random.below(bytes.length + 20) : Number.POSITIVE_INFINITY,
    recordBytesMax: random.oneIn(2) ? random.between(2, 200) : 1 << 20,
    ...(random.oneIn(2) ? { columns: random.between(1, 4) } : {}),
    ...(random.oneIn(6) ? { skips: true } : {}),
  })
  const cuts = random.oneIn(6) ? null : random.times(random.few(8), () => random.below(bytes.length + 1)).sort(byNumber)
  return { bytes, options, cuts }
}

const piecesOf = ({ bytes, cuts }: ScanCase): Iterable<Uint8Array> => (cuts ? cutAt(bytes, cuts) : inPieces(bytes, 1))

const differ = (what: string, expected: readonly unknown[], actual: readonly unknown[]): Failure | null => {
  const isEqual = expected.length === actual.length && expected.every((value, i) => value === actual[i])
  return isEqual ? null : { what, expected, actual }
}

const differInWords = (what: string, expected: readonly number[], actual: readonly number[]): Failure | null => {
  const failure = differ(what, expected, actual)
  return failure && { what, expected: inWords(expected), actual: inWords(actual) }
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

const recordsInWords = (batch: RecordBatch, dialect: Dialect): string[] =>
  Array.from({ length: batch.count }, (_, r) => {
    const fields = Array.from({ length: fieldCount(batch, r) }, (_, f) => latin1(unquote(batch, r, f, dialect)))
    return json([batch.base + batch.starts[r]!, batch.base + batch.ends[r]!, ...fields])
  })

/** The slow splitter knows of no ranges and no byte order mark. */
const isForSlow = ({ bytes, options: { start, end, dialect, skips } }: ScanCase): boolean =>
  bytes.length <= SLOW_BYTES_MAX && start === 0 && end === Number.POSITIVE_INFINITY && !dialect.bom && !skips

const checkSlow = ({ bytes, options }: ScanCase): Failure | null => {
  const slow = slowSplit(latin1(bytes), options.dialect, options.recordBytesMax)
  const records = slow.lines.filter(({ kind }) => kind === 'record').map(({ from, to, fields }) => json([from, to, ...fields]))
  const scanner = makeNaiveScanner(options)
  const pushed = recordsInWords(scanner.push(bytes), options.dialect)
  return differ('twin and slow splitter', records, [...pushed, ...recordsInWords(scanner.finish(), options.dialect)])
}

const checkScanners = (scanners: Readonly<Record<string, MakeScanner>>, one: ScanCase): Failure | null => {
  const expected = transcriptOf(makeNaiveScanner, [one.bytes], one.options)
  for (const [name, make] of Object.entries(scanners)) {
    const failure = differInWords(`twin and ${name} in pieces`, expected, transcriptOf(make, piecesOf(one), one.options))
    if (failure) return failure
  }
  return isForSlow(one) ? checkSlow(one) : null
}

/** Without some of the bytes: halves first, then ever smaller stretches. */
function* smaller(one: ScanCase): Generator<ScanCase> {
  const { bytes, cuts } = one
  if (cuts?.length) yield { ...one, cuts: [] }
  if (cuts) for (let i = 0; i < cuts.length; i++) yield { ...one, cuts: cuts.filter((_, c) => c !== i) }
  for (const [at, size, rest] of shorter(bytes))
    yield { ...one, bytes: rest, cuts: cuts === null ? null : cuts.map((cut) => (cut <= at ? cut : Math.max(at, cut - size))) }
}

export const scannersTarget = (scanners: Readonly<Record<string, MakeScanner>>): AnyTarget =>
  define<ScanCase>({
    name: 'scanners',
    generate: randomCase,
    check: (one) => checkScanners(scanners, one),
    files: ({ bytes, options, cuts }) => ({ 'input.bin': bytes, 'options.json': json({ ...options, cuts }) }),
    smaller,
  })
