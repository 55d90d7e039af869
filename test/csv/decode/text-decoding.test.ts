/** Text of any encoding becomes the same UTF-8 however its bytes are cut, and what means nothing is counted. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { concatBytes, textOf, utf8 } from '../../../shared/base/bytes.ts'
import { TextDecoding } from '../../../shared/csv/decode/text-decoding.ts'
import { cases } from '../../support/cases.ts'
import { bytesOf, cutAt, inPieces } from '../../support/scan.ts'

const decode = (encoding: string, pieces: Iterable<Uint8Array>) => {
  const decoding = new TextDecoding(encoding)
  const all: Uint8Array[] = []
  for (const piece of pieces) all.push(decoding.push(piece))
  all.push(decoding.finish())
  return { bytes: concatBytes(all), replaced: decoding.replaced }
}

cases<[string, string, string]>(
  'text in',
  [
    ['windows-1252', 'windows-1252', 'caf\xe9 \x80 \x93q\x94', 'café € “q”'],
    ['windows-1251', 'windows-1251', '\xcf\xf0\xe8', 'При'],
    ['iso-8859-2', 'iso-8859-2', '\xb1\xe6', 'ąć'],
    ['macintosh', 'macintosh', '\x8e', 'é'],
    ['utf-16le with a mark', 'utf-16le', '\xff\xfea\0\xac\x20', 'a€'],
    ['utf-16be with a mark', 'utf-16be', '\xfe\xff\0a\x20\xac', 'a€'],
    ['utf-16le without a mark', 'utf-16le', 'a\0,\0', 'a,'],
    ['utf-16le beyond the first plane', 'utf-16le', '\x3d\xd8\x00\xde', '😀'],
    ['shift_jis', 'shift_jis', '\x93\xfa\x96{,\x83\\', '日本,ソ'],
    ['gb18030', 'gb18030', '\xd6\xd0\x81\x30\x81\x30', '中\x80'],
    ['euc-kr', 'euc-kr', '\xb0\xa1', '가'],
    ['big5', 'big5', '\xa4\xa4', '中'],
    ['a mark in the middle stays', 'utf-16le', 'a\0\xff\xfe', 'a\ufeff'],
  ],
  (encoding, input, text) => {
    const bytes = bytesOf(input)
    for (let place = 0; place <= bytes.length; place++) {
      const { bytes: out, replaced } = decode(encoding, cutAt(bytes, [place]))
      expect([out, replaced]).toEqual([utf8(text), null])
    }
    expect(decode(encoding, inPieces(bytes, 1)).bytes).toEqual(utf8(text))
  },
)

cases<[string, string, string, number, number]>(
  'what means nothing',
  [
    ['half a surrogate pair', 'utf-16le', 'a\0\x3d\xd8b\0', 'a\ufffdb', 1, 1],
    ['half a pair at the end', 'utf-16le', 'a\0\x3d\xd8', 'a\ufffd', 1, 1],
    ['an odd byte at the end', 'utf-16be', '\0a\0', 'a\ufffd', 1, 1],
    ['a lead byte without its second', 'shift_jis', 'é\x93', 'ﾃｩ\ufffd', 1, 6],
    ['again and again', 'utf-16le', '\x3d\xd8\x3d\xd8a\0\x3d\xd8', '\ufffd\ufffda\ufffd', 3, 0],
  ],
  (encoding, input, text, count, byteOffset) => {
    const bytes = input.startsWith('é') ? concatBytes([utf8('é'), bytesOf(input.slice(1))]) : bytesOf(input)
    for (let place = 0; place <= bytes.length; place++)
      expect(decode(encoding, cutAt(bytes, [place]))).toEqual({ bytes: utf8(text), replaced: { count, byteOffset } })
  },
)

it('any bytes, cut anyhow, decode as they do whole', () => {
  const encodings = fc.constantFrom(
    'utf-16le',
    'utf-16be',
    'windows-1252',
    'shift_jis',
    'gb18030',
    'euc-jp',
    'euc-kr',
    'big5',
    'iso-2022-jp',
  )
  const places = fc.array(fc.nat(60), { maxLength: 5 })
  fc.assert(
    fc.property(encodings, fc.uint8Array({ maxLength: 60 }), places, (encoding, bytes, cuts) => {
      const sorted = cuts.filter((place) => place <= bytes.length).sort((a, b) => a - b)
      const whole = decode(encoding, [bytes])
      expect(decode(encoding, cutAt(bytes, sorted))).toEqual(whole)
      expect(textOf(whole.bytes)).toBe(new TextDecoder(encoding).decode(bytes))
    }),
    { numRuns: 5_000 },
  )
})
