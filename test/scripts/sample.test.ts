import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { makeSample, SAMPLE_ROWS, SAMPLE_SHA256, samplePieces } from '../../scripts/lib/sample.ts'

const text = [...samplePieces()].join('')
const [header, ...rows] = parse(text, { skip_empty_lines: true }) as string[][]
const column = (name: string): string[] => rows.map((row) => row[header?.indexOf(name) ?? -1] ?? '')
const some = (name: string, pattern: RegExp): number => column(name).filter((value) => pattern.test(value)).length

describe('the sample list', () => {
  it('has the same bytes every time', () => {
    expect(createHash('sha256').update(text).digest('hex')).toBe(SAMPLE_SHA256)
  })

  it('has 100,000 rows of ten fields', () => {
    expect(header).toEqual(['id', 'name', 'email', 'age', 'state', 'city', 'amount', 'signup_date', 'plan', 'notes'])
    expect(rows).toHaveLength(SAMPLE_ROWS)
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([10]))
  })

  it.each([
    ['accents', 'name', /[^ -~]/],
    ['commas in a field', 'name', /,/],
    ['quotes in a field', 'notes', /"/],
    ['line ends in a field', 'notes', /\n/],
    ['CR LF in a field', 'notes', /\r\n/],
    ['apostrophes', 'name', /'/],
    ['empty ages', 'age', /^$/],
    ['ages that are no numbers', 'age', /[a-z]/],
    ['empty states', 'state', /^$/],
    ['negative amounts', 'amount', /^-/],
    ['dates of another kind', 'signup_date', /\//],
  ])('has many %s', (_, name, pattern) => {
    expect(some(name, pattern)).toBeGreaterThan(100)
  })

  it('has blank lines and fields that are quoted without need', () => {
    expect(text.match(/\n\n/g)?.length).toBe(10)
    expect(text).toMatch(/,"[a-z]+",/)
  })

  it('is put in its place once, and anew when it is not what it should be', () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'sample-')), 'sample.csv')
    writeFileSync(file, 'an older sample')
    makeSample(file)
    expect(readFileSync(file, 'utf8')).toBe(text)
    const { mtimeMs } = statSync(file)
    makeSample(file)
    expect(statSync(file).mtimeMs).toBe(mtimeMs)
  })
})
