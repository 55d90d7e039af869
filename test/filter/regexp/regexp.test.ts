import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern, nativePattern, type Options, testerOf } from '../../../shared/filter/regexp/regexp.ts'

const PLAIN: Options = { fold: false, dotAll: false, isLiteral: false }

const compiled = (pattern: string, options: Options = PLAIN) => {
  const result = compilePattern(pattern, options)
  if ('reason' in result) throw new Error(`${pattern}: ${result.reason}`)
  return result
}

/** Patterns, many of which both engines may run: short pieces of a small alphabet, with everything that read.ts reads and some things that it does not. */
const pattern = fc.letrec<{ choice: string; row: string; item: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 3 },
    { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'k', 's', 'é', ' ', '.', '-', '\\.', '\\x61', '\\x{e9}', '\\n') },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        '\\d',
        '\\w',
        '\\s',
        '\\D',
        '\\W',
        '\\S',
        '[ab]',
        '[^ab]',
        '[a-m]',
        '[\\w-]',
        '[^\\s]',
        '[]a]',
        '[a\\-z]',
        '[K-S]',
      ),
    },
    { weight: 2, arbitrary: fc.constantFrom('^', '$', '\\b', '\\B', '\\A', '\\z', '\\pL', '[[:alpha:]]', '(?i:K)', '\\Q.\\E') },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('(', '(?:', '(?P<n>'), tie('choice')).map(([open, inner]) => `${open}${inner})`) },
  ),
  item: fc
    .tuple(tie('atom'), fc.constantFrom('', '', '', '', '*', '+', '?', '*?', '+?', '{2}', '{1,3}', '{2,}', '{0}'))
    .map(([atom, count]) => atom + count),
  row: fc.array(tie('item'), { maxLength: 4 }).map((items) => items.join('')),
  choice: fc.array(tie('row'), { minLength: 1, maxLength: 3 }).map((rows) => rows.join('|')),
})).choice

const flagged = fc.tuple(fc.constantFrom('', '', '(?i)', '(?s)', '(?is)', '^', '^'), pattern).map(([flags, rest]) => flags + rest)

const text = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    'A',
    'k',
    'K',
    '\u212a',
    's',
    '\u017f',
    'S',
    'é',
    'É',
    ' ',
    '\n',
    '\r',
    '\u2028',
    '.',
    '-',
    '1',
    '_',
    '😀',
    '\ufffd',
  ),
  maxLength: 12,
})

describe('both engines', () => {
  it('give the same answer wherever both may run', () => {
    let native = 0
    let matched = 0
    fc.assert(
      fc.property(flagged, fc.array(text, { minLength: 5, maxLength: 12 }), fc.boolean(), (source, texts, fold) => {
        const options = { ...PLAIN, fold }
        const re2 = compilePattern(source, options)
        if ('reason' in re2) return
        const own = nativePattern(source, options)
        if (!own) return
        native++
        for (const value of texts) {
          const expected = re2.test(value)
          if (expected) matched++
          expect([source, fold, value, own.test(value)]).toEqual([source, fold, value, expected])
        }
      }),
      { numRuns: 4_000 },
    )
    expect(native).toBeGreaterThan(300)
    expect(matched).toBeGreaterThan(300)
  })

  it.each<[pattern: string, text: string, matches: boolean]>([
    ['\\s', '\u00a0', false],
    ['\\s', '\v', false],
    ['\\w', 'é', false],
    ['\\d', '٣', false],
    ['a.b', 'a\u2028b', true],
    ['a.b', 'a\rb', true],
    ['a.b', 'a\nb', false],
    ['^.$', '😀', true],
    ['b$', 'b\n', false],
    ['^b', 'a\nb', false],
    ['[^a]', '\n', true],
    ['\\bé', ' é', false],
  ])('%s in %j: %s', (source, value, matches) => {
    expect(compiled(source).test(value)).toBe(matches)
    expect(nativePattern(source, PLAIN)!.test(value)).toBe(matches)
  })

  it('leave long texts to re2js', () => {
    const never = { test: () => expect.unreachable() } as unknown as RegExp
    expect(testerOf(compiled('b$'), never)(`${'a'.repeat(20_000)}b`)).toBe(true)
  })
})

describe('the platform runs', () => {
  it.each([
    'foo',
    'foo|bar|baz',
    '^[A-Z][a-z]+$',
    '^\\d{2,4}-\\d+$',
    '@example\\.org$',
    '(?i)smith',
    '.*foo.*',
    '\\b\\w{4}\\b',
    '^(?:a|b)*c',
    '^a?b?c?d',
    '^(ab)+$',
    'x{3}y?',
    '\\d+',
  ])('%s', (source) => {
    expect(nativePattern(source, PLAIN)).not.toBeNull()
  })
})

describe('only re2js runs', () => {
  it.each([
    ['a loop behind an open start', '[A-M]\\w+foo'],
    ['two wildcards', 'foo.*bar'],
    ['a loop in a loop', '^(a+)+$'],
    ['a loop of what can be empty', '^(a?)*$'],
    ['a choice whose items begin alike', '^(a|ab)*c'],
    ['a choice of equal items in a loop', '^(a|a)*$'],
    ['a choice of two that can be empty', '^(a?|b?)+c'],
    ['choices of two that can be empty, in a row', '^(a?|b?)(c?|d?)e+f'],
    ['a loop that reads on from every place', '[ab]b*c'],
    ['a loop next to what it can hold', '^\\w+x'],
    ['counts that multiply', '(a?){40}b'],
    ['counts that overlap', '^(a{1,20}){1,20}$'],
    ['Unicode classes', '\\pL'],
    ['flags within', 'a(?i)b'],
    ['letters beyond ASCII whose case does not matter', '(?i)é'],
    ['quoted parts', '\\Qa\\E'],
    ['named classes', '[[:alpha:]]'],
    ['where no word begins or ends', '\\B'],
  ])('%s: %s', (_what, source) => {
    expect(nativePattern(source, PLAIN)).toBeNull()
  })
})

describe('re2js refuses', () => {
  it.each(['(', 'a++', 'a{1001}', '(?=a)', '(?!a)', '(?<=a)b', '(a)\\1', '[b-a]', '\\u0061', '*', '((a{100}){100}){100}'])(
    '%s',
    (source) => {
      expect(compilePattern(source, PLAIN)).toHaveProperty('reason')
    },
  )

  it('nothing in a literal', () => {
    expect(compiled('(a', { ...PLAIN, isLiteral: true }).test('x(a')).toBe(true)
  })
})
