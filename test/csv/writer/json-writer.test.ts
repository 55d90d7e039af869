/** The JSON writer against JSON.stringify: the same bytes for the same cells. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBinaryText, textOf, utf8 } from '../../../shared/base/bytes.ts'
import { DEFAULT_DIALECT } from '../../../shared/csv/dialect.ts'
import { textOfField } from '../../../shared/csv/field.ts'
import { isUtf8 } from '../../../shared/csv/utf8.ts'
import { type JsonWriterParts, makeJsonWriter } from '../../../shared/csv/writer/json-writer.ts'
import { plainCsv, written } from './cells.ts'

const NAMES = ['a', 'b "q"', '__proto__', 'ü']

const writerOf = (more: Partial<JsonWriterParts>) =>
  makeJsonWriter({ form: 'arrays', input: DEFAULT_DIALECT, picks: null, names: NAMES, note: () => {}, ...more })

const interesting = fc.constantFrom(...[...'"\\/,\n\r\t\b\f x\u007f'].map((c) => c.charCodeAt(0)), 0, 1, 0x1f, 0xc3, 0xa9, 0xe2, 0x80, 0xa8, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0xff) // biome-ignore format: a list
const cell = fc.oneof(
  fc.array(interesting, { maxLength: 8 }).map((bytes) => Uint8Array.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 30 }).map(utf8),
)
const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { maxLength: 6 })

const jsonValue = (bytes: Uint8Array | undefined): string | null => (bytes === undefined || bytes.length === 0 ? null : textOfField(bytes))
const values = (row: readonly Uint8Array[], width: number) => Array.from({ length: width }, (_, i) => jsonValue(row[i]))

describe('whatever the cells,', () => {
  it('an array is that of JSON.stringify, with null for what is empty or missing', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const expected = all.map((row) => `${JSON.stringify(values(row, Math.max(row.length, NAMES.length)))}\n`).join('')
        const bytes = written(writerOf({}), plainCsv(all, false))
        expect(textOf(bytes)).toBe(expected)
        expect(isUtf8(bytes, true)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('an object is that of JSON.stringify, member by member', () => {
    const picks = [2, 0, 9]
    const names = ['x', 'y z', 'ü']
    fc.assert(
      fc.property(rows, (all) => {
        const expected = all.map((row) => {
          const members = picks.map((f, i) => `${JSON.stringify(names[i])}:${JSON.stringify(jsonValue(row[f]))}`)
          return `{${members.join(',')}}\n`
        })
        expect(textOf(written(writerOf({ form: 'objects', picks, names }), plainCsv(all, true)))).toBe(expected.join(''))
      }),
      { numRuns: 500 },
    )
  })

  it('a field that is not UTF-8 is noted once, and no other is', () => {
    fc.assert(
      fc.property(rows, (all) => {
        let noted = 0
        written(writerOf({ note: () => void noted++ }), plainCsv(all, false))
        expect(noted).toBe(all.flat().filter((bytes) => !isUtf8(bytes, true)).length)
      }),
      { numRuns: 500 },
    )
  })
})

it('a name like __proto__ is a name', () => {
  expect(textOf(written(writerOf({ form: 'objects', names: ['__proto__'] }), fromBinaryText('x\n')))).toBe('{"__proto__":"x"}\n')
})
