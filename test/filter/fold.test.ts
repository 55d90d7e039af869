/** Every code point there is, in lower case, in upper case and trimmed, against the digests of DuckDB 1.5.6's answers. */
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { foldCase, raiseCase } from '../../shared/filter/fold.ts'
import { trim } from '../../shared/filter/functions/text.ts'

const POINTS = Array.from({ length: 0x110000 }, (_, point) => point).filter((point) => point > 0 && (point < 0xd800 || point > 0xdfff))

it.each<[what: string, change: (text: Uint8Array) => Uint8Array, md5: string]>([
  ['lower(x)', foldCase, '9e7d0f8584fa42365feb5d20a92cd1e7'],
  ['upper(x)', raiseCase, '700bc2ed7b4befe387e8fe8d6f91a066'],
  ['trim(x)', trim, 'e7b6e3903ad80563d60be3aa6aac01e8'],
])('%s of every code point is what DuckDB says', (_what, change, md5) => {
  const digest = createHash('md5')
  for (const point of POINTS) digest.update(change(utf8(String.fromCodePoint(point))))
  expect(digest.digest('hex')).toBe(md5)
})
