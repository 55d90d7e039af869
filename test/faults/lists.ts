/** The lists that the scenario cuts. Small, but with what is hard: quoted line ends over the borders of chunks, ragged rows, blank lines, stray quotes. */
import { utf8 } from '../../shared/base/bytes.ts'

/** Rows with quoted line ends and, now and then, a field too many. */
const people = (rows: number): string =>
  Array.from({ length: rows }, (_, i) => {
    const name = i % 5 === 2 ? `"N${i},\n""x"""` : `name ${i}`
    const more = i % 7 === 3 ? ',more' : ''
    return `${i},${name},${(i * 37) % 90}${more}\n${i % 11 === 4 ? '\n' : ''}`
  }).join('')

/** Rows with a text of lines that look like rows, longer than what a guess looks at: where a chunk begins within one, it guesses wrong. */
const misleading = (rows: number): string =>
  'x,y\n'.concat(
    ...Array.from(
      { length: rows },
      (_, i) => `${i},"\n${'no,row\n'.repeat(12)}"\n${i},plain\n${i % 2 === 0 ? `odd\n${i},"a ""quote"""\n` : ''}`,
    ),
  )

const utf16 = (text: string): Uint8Array => {
  const bytes = new Uint8Array(2 + 2 * text.length)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, 0xfeff, true)
  for (let i = 0; i < text.length; i++) view.setUint16(2 + 2 * i, text.charCodeAt(i), true)
  return bytes
}

export interface Lists {
  /** For the filter over many chunks. */
  readonly many: Uint8Array
  readonly manyWhere: string
  /** Decoded before it is counted. */
  readonly encoded: Uint8Array
  /** Holds a byte that cannot be read. */
  readonly poisoned: Uint8Array
  /** Comes by itself, and is analysed. */
  readonly arriving: Uint8Array
  /** Is replaced while it is read. */
  readonly replaced: Uint8Array
  readonly replacement: Uint8Array
}

/** `isCalm`: without guesses that go wrong. */
export const makeLists = (isCalm: boolean): Lists => ({
  many: utf8(isCalm ? `id,name,age\n${people(28).replaceAll(/"[^"]*""x"""/g, 'plain')}` : misleading(5)),
  manyWhere: isCalm ? 'age > 30' : "x <> 'q'",
  encoded: utf16(`id,name,age\n${people(9)}`),
  poisoned: utf8(`id,name,age\n${people(12)}`),
  arriving: utf8(`id;name;age\n${people(10).replaceAll(',', ';')}`),
  replaced: utf8(`id,name,age\n${'1,old,50\n'.repeat(14)}`),
  replacement: utf8(`id,name,age\n${'2,new,60\n'.repeat(14)}`),
})
