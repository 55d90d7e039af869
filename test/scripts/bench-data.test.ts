import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { gzipped, listPieces, madeList, realList } from '../../scripts/lib/bench/data.ts'
import { SHAPES, type ShapeName } from '../../scripts/lib/bench/shapes.ts'
import { newFolder } from '../support/bench.ts'

const bytesOf = (name: ShapeName, bytes: number, seed?: number): Buffer => Buffer.concat([...listPieces(name, bytes, seed)])
const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16)
const rowsOf = (name: ShapeName, bytes: number): string[][] => parse(bytesOf(name, bytes), { relax_quotes: true }) as string[][]
const share = (rows: readonly string[][], keeps: (row: string[]) => boolean): number => (100 * rows.filter(keeps).length) / rows.length

const NAMES = Object.keys(SHAPES) as ShapeName[]

describe('a made-up list', () => {
  it.each([
    ['clean', '53d7bd0de936b8a3'],
    ['quoted', '1fcd900454258f0f'],
    ['stray', '9a17693c6587eaa4'],
    ['wide', '78646bec2a357b07'],
    ['long', 'e5bb259746213c4a'],
    ['noise', '077f551de7c5eaa0'],
    ['runs', '7d68a095df32bf8e'],
  ] as const)('%s is the same bytes every time', (name, expected) => {
    expect(digest(bytesOf(name, 200_000))).toBe(expected)
  })

  it('of another seed is another list', () => {
    expect(digest(bytesOf('clean', 20_000, 1))).not.toBe(digest(bytesOf('clean', 20_000, 2)))
  })

  it.each(NAMES)('%s has the size that was asked for and the rest of its last row', (name) => {
    const { length } = bytesOf(name, 100_000)
    expect(length).toBeGreaterThanOrEqual(100_000)
    expect(length).toBeLessThan(110_000)
  })

  it('begins with the rows of a smaller one', () => {
    const small = bytesOf('clean', 50_000)
    expect(bytesOf('clean', 100_000).subarray(0, small.length).equals(small)).toBe(true)
  })
})

describe('the shapes', () => {
  const [header, ...clean] = rowsOf('clean', 2_000_000)

  it('clean has ten columns and no quote', () => {
    expect(header).toEqual(SHAPES.clean.columns)
    expect(new Set(clean.map((row) => row.length))).toEqual(new Set([10]))
    expect(bytesOf('clean', 200_000).includes('"')).toBe(false)
  })

  it.each([
    [99, 1],
    [60, 40],
    [5, 95],
  ])('ages over %i are %i in a hundred rows', (age, percent) => {
    expect(Math.abs(share(clean, (row) => Number(row[3]) > age) - percent)).toBeLessThan(1)
  })

  it('quoted has every field in quotes, and line ends in a third of the notes', () => {
    const bytes = bytesOf('quoted', 200_000)
    const [, ...rows] = parse(bytes) as string[][]
    expect(bytes.toString().replaceAll(/"(?:[^"]|"")*"/g, 'q')).toMatch(/^(?:q(?:,q){9}\n)+$/)
    expect(Math.abs(share(rows, (row) => row[9]!.includes('\n')) - 33)).toBeLessThan(2)
  })

  it('stray has one quote in every row, inside a field', () => {
    const [, ...rows] = bytesOf('stray', 100_000).toString().trimEnd().split('\n')
    expect(new Set(rows.map((row) => row.split('"').length - 1))).toEqual(new Set([1]))
    expect(rows.some((row) => /(?:^|,)"/.test(row))).toBe(false)
  })

  it('wide has 200 columns', () => {
    expect(new Set(rowsOf('wide', 100_000).map((row) => row.length))).toEqual(new Set([200]))
  })

  it('long has texts of 0.5 to 8 kB with line ends', () => {
    const [, ...rows] = rowsOf('long', 500_000)
    const lengths = rows.map((row) => row[3]!.length)
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(500)
    expect(Math.max(...lengths)).toBeGreaterThan(7_000)
    expect(share(rows, (row) => row[3]!.includes('\n'))).toBeGreaterThan(90)
  })

  it('noise is quotes to 98 %, runs nearly whole', () => {
    const quotes = (name: ShapeName): number => {
      const bytes = bytesOf(name, 500_000)
      return (100 * bytes.filter((byte) => byte === 0x22).length) / bytes.length
    }
    expect(Math.abs(quotes('noise') - 98)).toBeLessThan(0.5)
    expect(quotes('runs')).toBeGreaterThan(98)
  })
})

describe('a list on disk', () => {
  it('is made once and leaves nothing half-made', async () => {
    const folder = newFolder()
    const file = await madeList(folder, 'clean', 50_000)
    const { mtimeMs } = statSync(file)
    expect(readFileSync(file).equals(bytesOf('clean', 50_000))).toBe(true)
    expect(await madeList(folder, 'clean', 50_000)).toBe(file)
    expect(statSync(file).mtimeMs).toBe(mtimeMs)
    expect(readdirSync(folder)).toEqual([path.basename(file)])
  })

  it('has seed and size in its name', async () => {
    expect(path.basename(await madeList(newFolder(), 'wide', 20_000))).toMatch(/^wide-20261126-[0-9a-f]{8}-0\.02mb\.csv$/)
  })

  it('compressed is the same list', async () => {
    const file = await madeList(newFolder(), 'clean', 50_000)
    expect(gunzipSync(readFileSync(await gzipped(file))).equals(readFileSync(file))).toBe(true)
  })

  it('that is a real one not at hand is none', async () => {
    const folder = newFolder()
    expect(await realList(folder, 'there-is-none.csv', 1_000)).toBeNull()
    expect(existsSync(folder) && readdirSync(folder)).toEqual([])
  })
})
