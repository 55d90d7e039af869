import { describe, expect, it } from 'vitest'
import { tokensOf } from '../../shared/filter/lexer.ts'

const shapes = (text: string) => tokensOf(text).map(({ kind, value }) => `${kind} ${value}`.trim())

describe('tokens', () => {
  it.each<[fact: string, text: string, tokens: string[]]>([
    ['nothing is only an end', '', ['end']],
    ['spaces of any kind are nothing', ' \t\n\u00a0', ['end']],
    ['a word keeps its case', 'Age', ['word Age', 'end']],
    ['a word may hold letters of any script', 'größe_2 名', ['word größe_2', 'word 名', 'end']],
    ['a doubled quote is one quote', "'it''s'", ["text it's", 'end']],
    ['an empty text is a text', "''", ['text', 'end']],
    ['a line end may stand in a text', "'a\nb'", ['text a\nb', 'end']],
    ['a doubled double quote is one', '"a ""b"""', ['name a "b"', 'end']],
    [
      'numbers have dots and exponents',
      '12 1.5 .5 5. 1e3 1E-3',
      ['number 12', 'number 1.5', 'number .5', 'number 5.', 'number 1e3', 'number 1E-3', 'end'],
    ],
    ['signs need no spaces around them', 'a<=-5', ['word a', 'symbol <=', 'symbol -', 'number 5', 'end']],
    ['the longest sign wins', '<> != == <= >= ||', ['symbol <>', 'symbol !=', 'symbol ==', 'symbol <=', 'symbol >=', 'symbol ||', 'end']],
    ['letters behind digits are no number', '60x', ['wrong 60x', 'end']],
    ['digits are not grouped', '1_000', ['wrong 1_000', 'end']],
    ['two dots are no number', '1.2.3', ['wrong 1.2.3', 'end']],
    ['a text without its end runs to the end', "a = 'x AND b", ['word a', 'symbol =', "wrong 'x AND b", 'end']],
    ['an unknown character is one token', '😀a', ['wrong 😀', 'word a', 'end']],
  ])('%s', (_fact, text, tokens) => {
    expect(shapes(text)).toEqual(tokens)
  })

  it('lie end to end, with only spaces between them', () => {
    const text = " a >=  'x''y' AND \"b\" && 5. "
    let at = 0
    for (const token of tokensOf(text)) {
      expect(text.slice(at, token.at).trim()).toBe('')
      at = token.at + token.length
    }
    expect(at).toBe(text.length)
  })

  it.each(["'", '"', '‘', '“', '`'])('take no longer than the text is long, also behind a %s that is never closed', (quote) => {
    const text = `${quote}${'a'.repeat(100_000)}${quote}${quote}b`
    expect(tokensOf(text).at(-1)!.at).toBe(text.length)
  })

  it('know a word of the grammar in any case, but never in quotes', () => {
    expect(tokensOf('aNd "AND" \'AND\'').map(({ sign }) => sign)).toEqual(['AND', '', '', ''])
  })
})
