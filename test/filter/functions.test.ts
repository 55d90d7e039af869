import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { withFunctions } from '../../scripts/lib/function-table.ts'
import { FUNCTION_NAMES, FUNCTIONS, functionNamed } from '../../shared/filter/functions.ts'
import { isVocabulary } from '../../shared/filter/vocabulary.ts'
import { filterOf, keptRows, mistakeOf, tableOfRows } from './table.ts'

const ROWS = FUNCTIONS.flatMap(({ rows }) => rows)
const TYPES = ['text', 'number', 'boolean', 'date', 'timestamp', 'any']
const LITERALS = ['integer', 'pattern', 'options', 'unit']

describe('the table of functions', () => {
  it.each(ROWS.map(({ name, example }) => [name, example]))('%s: its example is true: %s', (name, example) => {
    expect(example).toContain(`${name}(`)
    expect(keptRows(tableOfRows([['x']]), example)).toEqual([0])
  })

  it.each(ROWS.map((row) => [row.signature, row] as const))('%s is a signature', (_signature, { name, params, result, isVariadic }) => {
    expect(name).toMatch(/^[a-z_]+$/)
    expect(TYPES).toContain(result)
    for (const { type } of params) expect([...TYPES, ...LITERALS]).toContain(type)
    const optional = params.map(({ isOptional }) => isOptional)
    expect(optional).toEqual([...optional].sort((a, b) => Number(a) - Number(b)))
    if (isVariadic) expect(optional).not.toContain(true)
  })

  it('names nothing twice, and no word of the language', () => {
    expect(new Set(FUNCTION_NAMES).size).toBe(ROWS.flatMap(({ aliases }) => [0, ...aliases]).length)
    expect(FUNCTION_NAMES.filter(isVocabulary)).toEqual([])
  })

  it('says in a sentence what each of them means', () => {
    expect(ROWS.filter(({ means }) => !/^[A-Z1][^\n]*[.?]$/.test(means.replace(' is the same.', '?')))).toEqual([])
  })

  it('is what the documentation shows: `npm run docs` writes it', () => {
    const document = readFileSync(path.join(import.meta.dirname, '../../docs/filter-language.md'), 'utf8')
    expect(withFunctions(document)).toBe(document)
  })

  it('has as many rows as the README says', () => {
    const readme = readFileSync(path.join(import.meta.dirname, '../../README.md'), 'utf8')
    expect(Number(/and (\d+) functions/.exec(readme)?.[1])).toBe(ROWS.length)
  })

  it('is asked in any case, and by any name', () => {
    expect(functionNamed('LcAsE')).toBe(functionNamed('lower'))
    expect(filterOf("LCASE(a) = 'x'", ['a']).clause).toBe("lower(a) = 'x'")
    expect(functionNamed('constructor')).toBeUndefined()
  })
})

describe('a call that is wrong', () => {
  it.each<[clause: string, at: number, length: number, sentence: string]>([
    ['lower() = 1', 0, 7, 'lower() takes one argument, not 0.'],
    ["lower(a, 'x') = 1", 9, 3, 'lower() takes one argument, not 2.'],
    ["replace(a, 'x') = 1", 0, 15, 'replace() takes 3 arguments, not 2.'],
    ['substr(a) = 1', 0, 9, 'substr() takes 2 to 3 arguments, not 1.'],
    ['coalesce() = 1', 0, 10, 'coalesce() takes at least one argument, not 0.'],
    ["concat_ws('-') = 1", 0, 14, 'concat_ws() takes at least 2 arguments, not 1.'],
    ['lower(5) = 1', 6, 1, 'Argument 1 of lower() (text) is text, but this is a number.'],
    ['contains(a, 1) ', 12, 1, 'Argument 2 of contains() (part) is text, but this is a number.'],
    ['year(5) = 1', 5, 1, 'Argument 1 of year() (date) is a date, but this is a number.'],
    ['substr(a, b) = 1', 10, 1, 'Argument 2 of substr() (start) must be written out as a whole number.'],
    ['left(a, 1.5) = 1', 8, 3, 'Argument 2 of left() (count) must be written out as a whole number.'],
    ['regexp_matches(a, b)', 18, 1, 'Argument 2 of regexp_matches() (pattern) must be written out as a text in single quotes.'],
    ['a REGEXP b', 9, 1, 'Argument 2 of regexp_matches() (pattern) must be written out as a text in single quotes.'],
    ["a REGEXP '(x'", 9, 4, 'This is no regular expression (RE2): missing closing ) in (x.'],
    ["a REGEXP 'x''(?=y)z'", 13, 3, 'This is no regular expression (RE2): invalid or unsupported Perl syntax in (?=.'],
    [`a REGEXP '${'x'.repeat(257)}'`, 9, 259, 'A regular expression is at most 256 bytes long.'],
    [
      "regexp_matches(a, 'x', 'ig')",
      25,
      1,
      'There is no option g: i ignores case, s lets . match line ends, l takes the pattern literally.',
    ],
    ["regexp_extract(a, 'x', 10) = 'x'", 23, 2, 'A group is a number from 0 to 9.'],
    ["date_diff('dy', a, b) > 1", 10, 4, 'A unit is one of year, quarter, month, week, day, hour, minute, second and millisecond.'],
    ["coalesce(5, DATE '2024-01-31') = 1", 12, 17, 'The values of coalesce() are of one type: this is a date, another is a number.'],
    ['CASE WHEN a THEN 5 ELSE TRUE END = 1', 24, 4, 'The results of a CASE are of one type: this is a boolean, another is a number.'],
    ['CASE WHEN 5 THEN 1 END = 1', 10, 1, 'WHEN takes a boolean, but this is a number.'],
    ["CASE 5 WHEN DATE '2024-01-31' THEN 1 END = 1", 12, 17, 'A date cannot be compared with a number.'],
    ['a + TRUE > 1', 4, 4, 'Arithmetic takes a number, but this is a boolean.'],
    [
      "DATE '2024-01-31' - CAST(a AS DATE) > 1",
      0,
      17,
      'Between two dates lies date_diff(…), which gives a number; arithmetic takes a number, but this is a date.',
    ],
    ["a || 5 = 'x'", 5, 1, '|| joins texts (a logical or is written OR): it takes text, but this is a number.'],
    ['-(a = b) > 1', 2, 5, 'A sign takes a number, but this is a boolean.'],
    ["repeat('x', 5000000) = a", 0, 20, 'repeat() would make a text of more than 4194304 bytes.'],
  ])('%s', (clause, at, length, sentence) => {
    const mistake = mistakeOf(clause, ['a', 'b'])
    expect([mistake.text, mistake.at, mistake.length]).toEqual([sentence, at, length])
  })

  it('suggests the unit that was meant', () => {
    expect(mistakeOf("date_diff('mnth', a, a) > 1", ['a'])).toMatchObject({ found: "'mnth'", suggestion: "'month'" })
  })

  it('shows the signature when the number of arguments is wrong', () => {
    expect(mistakeOf('left(a) = 1', ['a'])).toMatchObject({ found: 'one argument', expected: 'left(text, count: integer): text' })
  })
})
