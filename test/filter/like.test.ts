import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { likeMatcher } from '../../shared/filter/like.ts'

const matches = (text: string, pattern: string, escapedBy: string | null = null, fold = false): boolean =>
  likeMatcher(utf8(pattern), escapedBy === null ? null : utf8(escapedBy), fold)(utf8(text))

describe('LIKE', () => {
  /** Measured in DuckDB 1.5.6. */
  it.each<[text: string, pattern: string, escapedBy: string | null, result: boolean]>([
    ['abc', 'a%', null, true],
    ['ABC', 'a%', null, false],
    ['é', '_', null, true],
    ['😀', '_', null, true],
    ['e\u0301', '_', null, false],
    ['👩‍👩‍👧', '_', null, false],
    ['aé', 'a_', null, true],
    ['a%c', 'a\\%c', null, false],
    ['a%c', 'a\\%c', '\\', true],
    ['a%c', 'a$%c', '$', true],
    ['abc', 'a$bc', '$', true],
    ['a$c', 'a$$c', '$', true],
    ['abc', 'abc$', '$', false],
    ['a%b', 'a%%b', '%', true],
    ['aab', 'a%%b', '%', false],
    ['a_', 'a__', '_', true],
    ['ab', 'a_b', '_', true],
    ['', '', null, true],
    ['', '%', null, true],
    ['', '_', null, false],
    ['a\nb', 'a%b', null, true],
    ['a\nb', 'a_b', null, true],
    ['aXbXc', '%X%X%', null, true],
    ['ab', 'a%%b', null, true],
    ['aba', 'ab%ba', null, false],
    ['abba', 'ab%ba', null, true],
    ['xaab', '%aab', null, true],
    ['aaab', '%a_b', null, true],
  ])('%j fits %j escaped by %j: %s', (text, pattern, escapedBy, result) => {
    expect(matches(text, pattern, escapedBy)).toBe(result)
  })

  it('means what a regular expression of it means', () => {
    const character = fc.constantFrom('a', 'b', 'é', '😀', '\n')
    const text = fc.array(character, { maxLength: 8 }).map((list) => list.join(''))
    const pattern = fc.array(fc.oneof(character, fc.constantFrom('%', '_')), { maxLength: 6 }).map((list) => list.join(''))
    fc.assert(
      fc.property(text, pattern, (t, p) => {
        const twin = new RegExp(`^${p.replaceAll('%', '.*').replaceAll('_', '.')}$`, 'su')
        expect(matches(t, p)).toBe(twin.test(t))
      }),
      { numRuns: 3000 },
    )
  })

  it('takes any bytes for what they are', () => {
    const text = Uint8Array.of(0x61, 0xff, 0x80, 0x62)
    expect(likeMatcher(utf8('a_b'), null, false)(text)).toBe(true)
    expect(likeMatcher(utf8('%b'), null, false)(text)).toBe(true)
    expect(likeMatcher(utf8('a\ufffd%'), null, false)(text)).toBe(false)
  })

  it('with many % takes no longer than the text times the pattern', () => {
    expect(matches('a'.repeat(20_000), `${'%a'.repeat(500)}%b`)).toBe(false)
    expect(matches('a'.repeat(20_000), `${'%_a'.repeat(300)}%b`)).toBe(false)
  })
})

describe('ILIKE', () => {
  /** Measured in DuckDB 1.5.6. */
  it.each<[text: string, pattern: string, escapedBy: string | null, result: boolean]>([
    ['ABC', 'a%', null, true],
    ['É', 'é', null, true],
    ['ß', 'SS', null, false],
    ['straße', 'STRASSE', null, false],
    ['ẞ', 'ß', null, true],
    ['İ', 'i', null, true],
    ['K', 'k', null, true],
    ['ſ', 's', null, false],
    ['Σ', 'ς', null, false],
    ['ΑΣ', 'ας', null, false],
    ['ΑΣ', 'ασ', null, true],
    ['ǅ', 'ǆ', null, true],
    ['A%C', 'a$%c', '$', true],
    ['a%c', 'aX%c', 'X', false],
    ['axzzc', 'aX%c', 'X', true],
    ['a%c', 'ax%c', 'x', true],
    ['\ufeffA', '_a', null, true],
  ])('%j fits %j escaped by %j: %s', (text, pattern, escapedBy, result) => {
    expect(matches(text, pattern, escapedBy, true)).toBe(result)
  })

  it('folds only ASCII where the bytes are not UTF-8', () => {
    expect(likeMatcher(utf8('a%z'), null, true)(Uint8Array.of(0x41, 0xff, 0x5a))).toBe(true)
  })
})
