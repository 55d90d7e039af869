/** A batch with its fields written out says the same as the batch it is made from. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Dialect } from '../../shared/csv/dialect.ts'
import { fieldBytes } from '../../shared/csv/field.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import { needsPlain, plainBatch, plainDialect } from '../../shared/csv/plain-batch.ts'
import { fieldCount, type RecordBatch } from '../../shared/csv/record-batch.ts'
import { cases } from '../support/cases.ts'
import { bytesOf, dialectWith, scanOptions } from '../support/scan.ts'

const DIALECTS: readonly Partial<Dialect>[] = [
  {},
  { escape: '\\' },
  { delimiter: ',,' },
  { delimiter: ',,', escape: '\\' },
  { quote: null, escape: '\\' },
]
const text = fc.string({ unit: fc.constantFrom('a', ',', ',', '"', '"', '\\', '\n', '\r', '\xff'), maxLength: 60 })

const fieldsOf = (batch: RecordBatch, dialect: Dialect): number[][][] =>
  Array.from({ length: batch.count }, (_, r) =>
    Array.from({ length: fieldCount(batch, r) }, (_, f) => [...fieldBytes(batch, r, f, dialect)]),
  )

it('every field of any input is the same in it, and lies where fields with a one-byte delimiter lie', () => {
  fc.assert(
    fc.property(text, fc.constantFrom(...DIALECTS), fc.constantFrom(8, 1 << 20), (input, changes, recordBytesMax) => {
      const dialect = dialectWith(changes)
      const scanner = makeNaiveScanner(scanOptions({ dialect, recordBytesMax }))
      for (const next of [() => scanner.push(bytesOf(input)), () => scanner.finish()]) {
        const batch = next()
        const expected = fieldsOf(batch, dialect)
        const { delimiterBytes, ...plain } = plainBatch(batch, dialect)
        expect(delimiterBytes).toBe(1)
        expect(fieldsOf(plain, plainDialect(dialect))).toEqual(expected)
        expect([plain.firstRecord, plain.rejects]).toEqual([batch.firstRecord, batch.rejects])
      }
    }),
    { numRuns: 3_000 },
  )
})

cases<[Partial<Dialect>, boolean]>(
  'it is needed',
  [
    ['not for doubled quotes', {}, false],
    ['not where nothing is quoted', { quote: null, escape: null }, false],
    ['not where quotes cannot be doubled', { escape: null }, false],
    ['not for comments', { comment: '#' }, false],
    ['for an escape', { escape: '\\' }, true],
    ['for an escape without quotes', { quote: null, escape: '\\' }, true],
    ['for a delimiter of two bytes', { delimiter: '||' }, true],
  ],
  (changes, isNeeded) => expect(needsPlain(dialectWith(changes))).toBe(isNeeded),
)
