/** What is plainly no CSV, and what only looks so. Inputs are latin1. */
import { expect, it } from 'vitest'
import { sniff } from '../../../shared/csv/sniff/sniff.ts'
import { cases } from '../../support/cases.ts'
import { bytesOf } from '../../support/scan.ts'

cases<[string, RegExp]>(
  'is refused by its name',
  [
    ['PNG', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', /PNG/],
    ['JPEG', '\xff\xd8\xff\xe0\0\x10JFIF', /JPEG/],
    ['GIF', 'GIF89a\x01\0', /GIF/],
    ['PDF', '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', /PDF/],
    ['XLSX', 'PK\x03\x04\x14\0\x06\0\x08\0[Content_Types].xml', /Excel/],
    ['ODS', 'PK\x03\x04\x14\0\0\x08mimetypeapplication/vnd.oasis.opendocument.spreadsheet', /OpenDocument/],
    ['ZIP', 'PK\x03\x04\x14\0\0\0people.csv', /ZIP.*unpack/],
    ['XLS', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0', /\.xls/],
    ['ELF', '\x7fELF\x02\x01\x01\0\0\0\0\0', /program/],
    ['Parquet', 'PAR1\x15\x04\x15', /Parquet/],
    ['SQLite', 'SQLite format 3\0', /SQLite/],
    ['tar', `people.csv${'\0'.repeat(247)}ustar\0`, /tar/],
    ['a JSON object', '{"a": 1}\n', /JSON/],
    ['JSON lines', '{"a": 1}\n{"a": 2}\n', /JSON/],
    ['a JSON array of objects', ' [ {"a": 1}, {"a": 2} ]', /JSON/],
    ['a JSON array of arrays', '[["id","name"],[1,"x"]]', /JSON/],
    ['a JSON array of words', '["a","b"]', /JSON/],
    ['JSON behind a byte order mark', '\xef\xbb\xbf{"a": 1}', /JSON/],
    ['a web page', '<!DOCTYPE html>\n<html></html>', /web page/],
    ['XML', '<?xml version="1.0"?>\n<a/>', /XML/],
    ['noise', String.fromCharCode(...Array.from({ length: 1000 }, (_, i) => (i * 167 + ((i * i) >> 3)) & 255)), /binary/],
    ['zeros', '\0'.repeat(500), /binary/],
  ],
  (input, detail) => {
    const found = sniff(bytesOf(input), true, {})
    expect(found).toMatchObject({ ok: false, problem: { code: 'not_csv' } })
    expect(!found.ok && found.problem.detail).toMatch(detail)
  },
)

it('the beginning of a long JSON is enough', () => {
  for (const input of ['{"items": [', '[{"a": "b', '[[1, 2], [3', '[[]', '{ "a b" :']) {
    expect(sniff(bytesOf(input.padEnd(5000, ' ')), false, {})).toMatchObject({ ok: false, problem: { code: 'not_csv' } })
  }
})

cases<[string]>(
  'is a CSV all the same',
  [
    ['names in brackets', '[id],[name]\n1,x\n'],
    ['names in double brackets', '[[id]],name\n1,x\n'],
    ['a name in braces', '{id},name\n1,x\n'],
    ['a name that begins like a signature', 'PAR,BM,MZ,ID3,GIF\n1,2,3,4,5\n'],
    ['HTML inside a name', 'a <html> b,c\n1,2\n'],
    ['a few NULs', 'a,b\n1,\0\0\n2,x\n'],
    ['ASCII separators between fields', 'a\x1fb\n1\x1f2\n'],
    ['8-bit text', 'Stra\xdfe,K\xf6ln\nx,y\n'],
    ['JSON in a column', 'id,doc\n1,"{""a"": 1}"\n'],
    ['percent signs', '%,%PDF\n1,2\n'],
  ],
  (input) => expect(sniff(bytesOf(input), true, {}).ok).toBe(true),
)

it('control bytes that the user names as the delimiter are not counted against a file', () => {
  const input = 'a\x01b\x01c\n'.repeat(20)
  expect(sniff(bytesOf(input), true, { delimiter: '\x01' })).toMatchObject({ ok: true, columns: ['a', 'b', 'c'] })
})
