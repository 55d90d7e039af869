/** How records are written: as they came, each with a line end. */
import { expect } from 'vitest'
import { concatBytes, textOf } from '../../shared/base/bytes.ts'
import type { Dialect } from '../../shared/csv/dialect.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import type { RecordBatch } from '../../shared/csv/record-batch.ts'
import { roomFor, selectAll } from '../../shared/csv/selection.ts'
import { keepSelected } from '../../shared/operations/rows.ts'
import { cases } from '../support/cases.ts'
import { bytesOf, dialectWith, rowsEveryWay, scanOptions } from '../support/scan.ts'

const written = (input: string, dialect: Dialect): string => {
  const pieces: Uint8Array[] = []
  const sink = { keep: (bytes: Uint8Array) => void pieces.push(bytes.slice()), reject: () => {} }
  const keepAll = (batch: RecordBatch): void => {
    const every = roomFor(new Uint32Array(0), batch.count)
    selectAll(every, batch.count)
    keepSelected(batch, every, dialect, sink)
  }
  const scanner = makeNaiveScanner(scanOptions({ dialect }))
  keepAll(scanner.push(bytesOf(input)))
  keepAll(scanner.finish())
  return textOf(concatBytes(pieces))
}

cases<[Partial<Dialect>, string, string]>(
  'a last record',
  [
    ['without a line end gets the file’s', { lineEnd: '\r\n' }, 'a\r\nb', 'a\r\nb\r\n'],
    ['with one keeps it', { lineEnd: '\r\n' }, 'a\r\nb\n', 'a\r\nb\n'],
    ['that ends with a CR gets CR LF, so that the CR stays data', {}, 'a\nb\r', 'a\nb\r\r\n'],
    ['also where lines end with CR LF', { lineEnd: '\r\n' }, 'a\r\nb\r', 'a\r\nb\r\r\n'],
    ['that ends with the CR of a CR file has its line end', { newline: 'cr', lineEnd: '\r' }, 'a\rb\r', 'a\rb\r'],
    ['without a line end in a CR file gets a CR', { newline: 'cr', lineEnd: '\r' }, 'a\rb', 'a\rb\r'],
  ],
  (changes, input, expected) => {
    const dialect = dialectWith(changes)
    const output = written(input, dialect)
    expect(output).toBe(expected)
    expect(rowsEveryWay(output, scanOptions({ dialect }))).toEqual(rowsEveryWay(input, scanOptions({ dialect })))
  },
)

cases<[Partial<Dialect>, string, string]>(
  'what is no record is not written:',
  [
    ['comments', { comment: '#' }, '#a\nb\n#c\nd\n#e', 'b\nd\n'],
    ['blank lines', {}, '\na\n\nb\n\n', 'a\nb\n'],
  ],
  (changes, input, expected) => expect(written(input, dialectWith(changes))).toBe(expected),
)
