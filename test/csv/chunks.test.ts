/** A list in chunks says what it says in one scan: every case cut everywhere, run in any order, from starts that are known, guessed or wrong, by the twin and by the kernel. */
import { expect, it } from 'vitest'
import { type ByteSpan, type ChunkStart, chunkRange, endOfChunk, joinStep, planChunks, readTo } from '../../shared/csv/chunks.ts'
import type { Dialect } from '../../shared/csv/dialect.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import { cases } from '../support/cases.ts'
import { type ChunkedList, type Guess, guessFrom, type InChunks, scanInChunks, scanWhole, type Told } from '../support/chunked.ts'
import { Random } from '../support/random.ts'
import { bytesOf, dialectWith, SCANNERS, scanOptions } from '../support/scan.ts'

interface Given {
  readonly dialect?: Partial<Dialect>
  readonly recordBytesMax?: number
  readonly columns?: number
  readonly blockBytes?: number
}

/** Without a header, unless dialect.headerEnd says otherwise. */
const listOf = (
  input: string | Uint8Array,
  { dialect = {}, recordBytesMax = 40, columns = 2, blockBytes = 7 }: Given = {},
): ChunkedList => ({
  bytes: bytesOf(input),
  dialect: dialectWith(dialect),
  columns,
  recordBytesMax,
  blockBytes,
})

const rangesOf = ({ bytes, dialect }: ChunkedList, chunkBytes: number): ByteSpan[] => {
  const plan = planChunks(dialect.headerEnd, bytes.length, { chunkBytesMin: chunkBytes, chunksMax: Number.POSITIVE_INFINITY })
  return Array.from({ length: plan.count }, (_, k) => chunkRange(plan, k))
}

const fromLeft = (ranges: readonly ByteSpan[]): number[] => ranges.map((_, k) => k)
const fromRight = (ranges: readonly ByteSpan[]): number[] => fromLeft(ranges).reverse()
const shuffled = (random: Random, ranges: readonly ByteSpan[]): number[] => {
  const keys = ranges.map(() => random.bits())
  return fromLeft(ranges).sort((a, b) => keys[a]! - keys[b]!)
}

const anywhere =
  (random: Random): Guess =>
  ({ start, end }) =>
    random.oneIn(8) ? null : { at: random.between(start, end - 1), skips: random.oneIn(3) }

const SEEDS = [1, 2, 3]

type Way = (list: ChunkedList, ranges: readonly ByteSpan[]) => { readonly order: readonly number[]; readonly guess: Guess }

/** All starts are known; all but the first are guessed, with much and with little to go by; some are known and the others anywhere. */
const WAYS: readonly Way[] = [
  (list, ranges) => ({ order: fromLeft(ranges), guess: guessFrom(list, 64) }),
  (list, ranges) => ({ order: fromRight(ranges), guess: guessFrom(list, 64) }),
  (list, ranges) => ({ order: fromRight(ranges), guess: guessFrom(list, 5) }),
  ...SEEDS.map(
    (seed): Way =>
      (list, ranges) => ({ order: shuffled(new Random(seed), ranges), guess: guessFrom(list, 30) }),
  ),
  ...SEEDS.map(
    (seed): Way =>
      (_, ranges) => ({ order: shuffled(new Random(seed), ranges), guess: anywhere(new Random(seed)) }),
  ),
]

const CHUNK_BYTES = [1, 2, 3, 4, 5, 7, 8, 11, 16, 24]

/** In chunks of many sizes it tells what it tells whole, which is returned. */
const inChunksOfManySizes = (list: ChunkedList): Told => {
  const told = scanWhole(makeNaiveScanner, list)
  for (const [name, make] of Object.entries(SCANNERS))
    for (const chunkBytes of CHUNK_BYTES) {
      const ranges = rangesOf(list, chunkBytes)
      for (const [w, way] of WAYS.entries())
        expect(scanInChunks(make, { list, ranges, ...way(list, ranges) }).told, `${name}, ${chunkBytes} bytes, way ${w}`).toEqual(told)
    }
  return told
}

const COUNTEREXAMPLE = `x,y\n${'"a,\n",b\n'.repeat(31)}`

interface Sums {
  readonly records: number
  readonly rejected?: number
  readonly blankLines?: number
  readonly warnings?: readonly string[]
}

cases<[string, Sums, Given?]>(
  'in chunks and whole it is the same:',
  [
    ['quoted line ends that look like rows', COUNTEREXAMPLE, { records: 31 }, { dialect: { headerEnd: 4 } }],
    ['rows that look the same inside out', `x,y,z\n${',",\n,",\n'.repeat(12)}`, { records: 12 }, { dialect: { headerEnd: 6 }, columns: 3 }],
    ['a header longer than a chunk', `${COUNTEREXAMPLE}c,d`, { records: 29 }, { dialect: { headerEnd: 28 } }],
    ['one record over many chunks', `a,b\n1,"${'x\n'.repeat(15)}"\nc,d\n`, { records: 3 }],
    ['blank lines', `a,b\n${'\n'.repeat(50)}c,d\n${'\r\n'.repeat(20)}`, { records: 2, blankLines: 70 }],
    ['nothing but blank lines', '\n'.repeat(40), { records: 0, blankLines: 40 }],
    ['stray quotes in every row', '5" disk,a"b\nx,"y"z"\n'.repeat(8), { records: 16, warnings: ['stray_quote'] }],
    [
      'CR alone ends lines',
      `a,b\r${'"1\r2",\nz\r'.repeat(12)}`,
      { records: 13, warnings: ['lf_in_cr_file'] },
      { dialect: { newline: 'cr' } },
    ],
    ['CR LF', `${'a,"b\r\n"\r\n'.repeat(10)}\r\n\r\nc,d\r\n`, { records: 11, blankLines: 2 }],
    ['lines over the limit', '1234,5678\n1\n'.repeat(12), { records: 12, rejected: 12 }, { recordBytesMax: 8 }],
    ['one line over the limit across many chunks', `a,b\n${'x'.repeat(90)}\nc,d\n`, { records: 2, rejected: 1 }, { recordBytesMax: 8 }],
    ['one without an end', `a,b\n${'x'.repeat(90)}`, { records: 1, rejected: 1 }, { recordBytesMax: 8 }],
    [
      'line ends in quotes in it',
      `a,b\n"x\n","yyyyy${'x"'.repeat(30)}\n","c\n`,
      { records: 2, rejected: 1, warnings: ['unclosed_quote'] },
      { recordBytesMax: 8 },
    ],
    ['one that is two bytes over the smallest limit', 'a\n\nbcde\n\nf', { records: 2, rejected: 1, blankLines: 2 }, { recordBytesMax: 2 }],
    ['quotes that never close', 'a,"b\nc,d\n'.repeat(12), { records: 24, warnings: ['unclosed_quote'] }, { recordBytesMax: 6 }],
    [
      'a quote that is open at the end',
      `a,b\nc,"${'d\n'.repeat(20)}`,
      { records: 2, warnings: ['unclosed_quote'] },
      { recordBytesMax: 60 },
    ],
    [
      'comments over the limit',
      `#,"${'x'.repeat(40)}\na,b\n#${'y'.repeat(30)}\nc`,
      { records: 2, warnings: ['comment_line'] },
      { recordBytesMax: 8, dialect: { comment: '#' } },
    ],
    [
      'a comment without an end',
      `a,b\n#${'y'.repeat(60)}`,
      { records: 1, warnings: ['comment_line'] },
      { recordBytesMax: 8, dialect: { comment: '#' } },
    ],
    ['a delimiter of several bytes', 'a||"b\n||"||c\n'.repeat(8), { records: 8 }, { dialect: { delimiter: '||' }, columns: 3 }],
    ['escaped line ends', 'a\\\nb,"c\\"\n"\n'.repeat(8), { records: 8 }, { dialect: { escape: '\\' } }],
    ['no quotes at all', 'a,"b\nc",d\n'.repeat(8), { records: 16 }, { dialect: { quote: null, escape: null } }],
    ['bytes that are not UTF-8', 'a,\xe9\n"\xc3\n\xa9",\0\n'.repeat(5), { records: 10, warnings: ['invalid_utf8', 'nul_byte'] }],
  ],
  (input, { records, rejected = 0, blankLines = 0, warnings = [] }, given) => {
    const told = inChunksOfManySizes(listOf(input, given))
    const { counts } = told
    expect([counts.records, counts.rejected, counts.blankLines]).toEqual([records, rejected, blankLines])
    expect(told.warnings.map(({ code }) => code)).toEqual(warnings)
  },
)

it('an empty list is one empty chunk', () => {
  const list = listOf('x,y\n', { dialect: { headerEnd: 4 } })
  expect(rangesOf(list, 16)).toEqual([{ start: 4, end: 4 }])
  expect(scanInChunks(makeNaiveScanner, { list, ranges: rangesOf(list, 16), order: [0], guess: () => null })).toEqual({
    told: scanWhole(makeNaiveScanner, list),
    joined: [],
    rerun: [],
  })
})

/** As if the file, and not its data, were cut every 16 bytes. */
const everySixteen = ({ bytes: { length }, dialect: { headerEnd } }: ChunkedList): ByteSpan[] =>
  Array.from({ length: Math.ceil(length / 16) }, (_, k) => ({ start: Math.max(headerEnd, 16 * k), end: Math.min(length, 16 * (k + 1)) }))

const agreeing = listOf(COUNTEREXAMPLE, { dialect: { headerEnd: 4 } })
/** Its rows look the same inside out: no guess can tell. */
const insideOut = listOf(`x,y,z\n${',",\n,",\n'.repeat(31)}`, { dialect: { headerEnd: 6 }, columns: 3 })

cases<[ChunkedList, Guess, inCut: number]>(
  'neighbours that agree and are all wrong are run again, one after the other:',
  [
    ['taken for line starts', agreeing, ({ start }) => ({ at: start, skips: false }), 0],
    ['guessed where no guess can tell', insideOut, guessFrom(insideOut, 64), 2],
  ],
  (list, guess, inCut) => {
    const ranges = everySixteen(list)
    const inner = fromLeft(ranges).slice(1)
    for (const make of Object.values(SCANNERS)) {
      const ends = inner.map((k) => {
        expect(guess(ranges[k]!)).toEqual({ at: 16 * k + inCut, skips: false })
        const scanner = make(scanOptions({ dialect: list.dialect, start: 16 * k + inCut, end: ranges[k]!.end, recordBytesMax: 40 }))
        scanner.push(list.bytes.subarray(16 * k + inCut))
        return scanner.next
      })
      expect(ends.slice(0, -1)).toEqual(inner.slice(1).map((k) => 16 * k + inCut))
      const { told, rerun } = scanInChunks(make, { list, ranges, order: fromRight(ranges), guess })
      expect([told, rerun]).toEqual([scanWhole(makeNaiveScanner, list), inner])
    }
  },
)

it('text behind quotes gives such neighbours away', () => {
  const ranges = everySixteen(agreeing)
  expect(
    scanInChunks(makeNaiveScanner, { list: agreeing, ranges, order: fromRight(ranges), guess: guessFrom(agreeing, 64) }).rerun,
  ).toEqual([])
})

const joinedOf = (list: ChunkedList, chunkBytes: number): InChunks => {
  const ranges = rangesOf(list, chunkBytes)
  return scanInChunks(makeNaiveScanner, { list, ranges, order: fromRight(ranges), guess: guessFrom(list, 64) })
}

it('chunks in which no line begins are empty, whatever they reported', () => {
  const { joined, rerun } = joinedOf(listOf(`a,b\n"${'1,2\n'.repeat(8)}",x\nc,d\n`), 8)
  expect([joined, rerun]).toEqual([[0, 5], []])
})

it('a right guess is not run again', () => {
  const { joined, rerun } = joinedOf(listOf('abc,def\n'.repeat(10)), 12)
  expect([joined, rerun]).toEqual([[0, 1, 2, 3, 4, 5, 6], []])
})

it('a line over the limit is counted in the chunk where it begins, which reads no further than M bytes behind its end', () => {
  const list = listOf(`a,b\n${'x'.repeat(60)}\nc,d\n`, { recordBytesMax: 8 })
  for (const make of Object.values(SCANNERS)) {
    const scanner = make(scanOptions({ start: 0, end: 16, recordBytesMax: 8 }))
    scanner.push(list.bytes.subarray(0, readTo({ start: 0, end: 16 }, list.bytes.length, 8)))
    expect(scanner.finish().rejects).toMatchObject([{ line: 2, byteOffset: 4, byteLength: 20 }])
    expect(endOfChunk(scanner, { start: 0, end: 16 }, list.bytes.length)).toEqual({ at: 24, skips: true })
    const rest = make(scanOptions({ start: 24, end: 66, recordBytesMax: 8, skips: true }))
    expect(rest.push(list.bytes.subarray(24)).rejects).toEqual([])
    expect([rest.counts, endOfChunk(rest, { start: 24, end: 66 }, list.bytes.length)]).toEqual([
      { records: 1, rejected: 0, blankLines: 0, lines: 2 },
      { at: 69, skips: false },
    ])
  }
})

it('a chunk may end in bytes that a scanner left for later', () => {
  const random = new Random(1)
  const lines = random.times(80, (k) =>
    k % 9 === 0 ? 'x'.repeat(random.between(20_000, 60_000)) : `"${'y\n'.repeat(random.between(1, 4_000))}",z`,
  )
  const list = listOf(lines.join('\n'), { recordBytesMax: 16_384, blockBytes: 1_000 })
  const told = scanWhole(makeNaiveScanner, list)
  expect([told.counts.records, told.counts.rejected]).toEqual([71, 9])
  for (const make of Object.values(SCANNERS))
    for (const chunkBytes of [3_001, 16_000, 70_000]) {
      const ranges = rangesOf(list, chunkBytes)
      const { told: inChunks } = scanInChunks(make, { list, ranges, order: fromRight(ranges), guess: guessFrom(list, 4_096) })
      expect(inChunks).toEqual(told)
    }
})

const RANGE = { start: 10, end: 20 }
const NEXT = { at: 21, skips: false }
const cursorAt = (at: number, skips = false) => ({ k: 3, at, skips })
const reportFrom = (at: number, skips = false) => ({ first: { at, skips }, next: NEXT })

cases<[Parameters<typeof joinStep>, ReturnType<typeof joinStep>]>(
  'a step of the join',
  [
    ['waits for a report', [cursorAt(10), RANGE, null], { kind: 'wait' }],
    ['takes a report from the true start', [cursorAt(12), RANGE, reportFrom(12)], { kind: 'joined', cursor: { k: 4, ...NEXT } }],
    [
      'takes one from within a line over the limit',
      [cursorAt(12, true), RANGE, reportFrom(12, true)],
      { kind: 'joined', cursor: { k: 4, ...NEXT } },
    ],
    ['sends back one from elsewhere', [cursorAt(12), RANGE, reportFrom(13)], { kind: 'rerun', from: { at: 12, skips: false } }],
    ['sends back one that did not skip', [cursorAt(12, true), RANGE, reportFrom(12)], { kind: 'rerun', from: { at: 12, skips: true } }],
    [
      'sends back one that found no start',
      [cursorAt(12), RANGE, { first: null, next: null }],
      { kind: 'rerun', from: { at: 12, skips: false } },
    ],
    [
      'passes over a chunk in which no line begins',
      [cursorAt(20), RANGE, reportFrom(12)],
      { kind: 'empty', cursor: { k: 4, at: 20, skips: false } },
    ],
    ['does not wait for it', [cursorAt(25, true), RANGE, null], { kind: 'empty', cursor: { k: 4, at: 25, skips: true } }],
  ],
  (given, step) => expect(joinStep(...given)).toEqual(step),
)

const SIZES = { chunkBytesMin: 100, chunksMax: 10 }

cases<[headerEnd: number, size: number, plan: { chunkBytes: number; count: number }, last: ByteSpan]>(
  'a plan',
  [
    ['is one chunk up to the smallest size', 20, 100, { chunkBytes: 100, count: 1 }, { start: 20, end: 100 }],
    ['does not count the header', 20, 120, { chunkBytes: 100, count: 1 }, { start: 20, end: 120 }],
    ['begins a second one with the next byte', 20, 121, { chunkBytes: 100, count: 2 }, { start: 120, end: 121 }],
    ['has chunks of the smallest size as long as they are few', 0, 1_000, { chunkBytes: 100, count: 10 }, { start: 900, end: 1_000 }],
    ['has larger ones then', 0, 1_001, { chunkBytes: 101, count: 10 }, { start: 909, end: 1_001 }],
    ['has one chunk for a header alone', 20, 20, { chunkBytes: 100, count: 1 }, { start: 20, end: 20 }],
    ['cuts as much as there can be', 30, 5e12, { chunkBytes: 5e11, count: 10 }, { start: 45e11 + 30, end: 5e12 }],
  ],
  (headerEnd, size, expected, last) => {
    const plan = planChunks(headerEnd, size, SIZES)
    expect(plan).toMatchObject(expected)
    expect(chunkRange(plan, plan.count - 1)).toEqual(last)
    for (let k = 1; k < plan.count; k++) expect(chunkRange(plan, k - 1).end).toBe(chunkRange(plan, k).start)
  },
)

it('reading ends M bytes behind a chunk, or with the list', () => {
  expect([readTo(RANGE, 100, 7), readTo(RANGE, 22, 7)]).toEqual([27, 22])
})

it('a chunk that is not read to its end has no end', () => {
  const scanner = makeNaiveScanner(scanOptions({ end: 20 }))
  scanner.push(bytesOf('a,b\nc'))
  expect((): ChunkStart => endOfChunk(scanner, { start: 0, end: 20 }, 100)).toThrow('first line start behind its range')
})
