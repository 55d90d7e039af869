/** What users call encodings. */
import { expect, it } from 'vitest'
import { namedEncoding } from '../../../shared/csv/decode/encodings.ts'

it.each([
  ['utf-8', { scan: 'utf-8' }],
  ['UTF8', { scan: 'utf-8' }],
  ['unicode-1-1-utf-8', { scan: 'utf-8' }],
  ['ASCII', { scan: 'utf-8' }],
  ['unknown-8bit', { scan: 'unknown-8bit' }],
  ['latin1', { decode: 'windows-1252' }],
  ['ISO_8859-1', { decode: 'windows-1252' }],
  ['ISO_8859-15', { decode: 'iso-8859-15' }],
  ['iso 8859 2', { decode: 'iso-8859-2' }],
  ['Windows_1252', { decode: 'windows-1252' }],
  ['cp1251', { decode: 'windows-1251' }],
  ['CP-1252', { decode: 'windows-1252' }],
  ['utf-16', { decode: 'utf-16le' }],
  ['UTF16BE', { decode: 'utf-16be' }],
  ['mac roman', { decode: 'macintosh' }],
  ['Shift-JIS', { decode: 'shift_jis' }],
  ['cp932', { decode: 'shift_jis' }],
  ['EUC_KR', { decode: 'euc-kr' }],
  ['gb2312', { decode: 'gbk' }],
  ['koi8-r', { decode: 'koi8-r' }],
  ['klingon', null],
  ['utf-32', null],
  ['constructor', null],
  ['', null],
])('the name %j means %j', (name, means) => expect(namedEncoding(name)).toEqual(means))
