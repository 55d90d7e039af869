import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkClause } from '../../shared/filter/check.ts'
import { COLUMNS, clause } from './clauses.ts'
import { filterOf, mistakeOf } from './table.ts'

const PEOPLE = ['age', 'State', 'First Name', 'city', 'City', 'born', 'id', 'ID_2']

describe('columns', () => {
  it.each<[fact: string, text: string, used: number[], canonical: string]>([
    ['are found in any case', 'AGE > 60', [0], 'age > 60'],
    ['are found exactly first', 'City = city', [3, 4], 'City = city'],
    ['are used once however often they are named', 'State = 1 OR STATE = 2 OR "state" = 3', [1], 'State = 1 OR State = 2 OR State = 3'],
    ['are used in the order of the file', 'born IS NULL AND age > 5', [0, 5], 'born IS NULL AND age > 5'],
    ['of unusual names stand in double quotes', '"first name" = \'x\'', [2], '"First Name" = \'x\''],
    ['may be none', 'TRUE', [], 'TRUE'],
  ])('%s', (_fact, text, used, canonical) => {
    expect(filterOf(text, PEOPLE)).toMatchObject({ columns: used, clause: canonical })
  })

  it('of the same name: the first', () => {
    expect(filterOf('a = 1', ['a', 'a']).columns).toEqual([0])
  })

  it.each([
    ['agee > 60', 'age', 0],
    ['age > 60 AND stat = 1', 'State', 13],
    ['FirstName = 1', 'First Name', 0],
    ['bron = 1', 'born', 0],
    ['State = "NY"', "'NY'", 8],
    ['State = NY', "'NY'", 8],
    ['State = "O\'Hara"', "'O''Hara'", 8],
  ])('that are unknown: %s suggests %s', (text, suggestion, at) => {
    expect(mistakeOf(text, PEOPLE)).toMatchObject({ code: 'column_unknown', at, suggestion })
  })

  it('that differ only in case cannot be meant by a third spelling', () => {
    expect(mistakeOf('age > 60 AND CITY = 1', PEOPLE)).toMatchObject({
      code: 'column_ambiguous',
      at: 13,
      length: 4,
      found: 'CITY',
      expected: '"city" or "City"',
    })
  })
})

describe('types', () => {
  it.each<[text: string, at: number, found: string, expected: string]>([
    ['TRUE = 1', 7, 'a number', 'a boolean'],
    ["DATE '2024-01-31' > 5", 20, 'a number', 'a date'],
    ['CAST(born AS DATE) = TRUE', 21, 'a boolean', 'a date'],
    ['age > 60 OR 5', 12, 'a number', 'a boolean'],
    ['NOT 5', 4, 'a number', 'a boolean'],
    ["DATE '2024-01-31'", 0, 'a date', 'a boolean'],
    ['5 IS TRUE', 0, 'a number', 'a boolean'],
    ['age LIKE 5', 9, 'a number', 'text'],
    ["(age > 5) LIKE 'x'", 1, 'a boolean', 'text'],
    ["age IN (1, '2')", 11, 'text', 'a number'],
    ["age IN (DATE '2024-01-31', TIMESTAMP '2024-01-31')", 27, 'a timestamp', 'a date'],
    ['(age > 1) IN (1, 2)', 14, 'a number', 'a boolean'],
    ['CAST(5 AS VARCHAR) = age', 5, 'a number', 'text'],
    ['CAST(TRUE AS DOUBLE) = 1', 5, 'a boolean', 'a number'],
  ])('%s does not fit at %i', (text, at, found, expected) => {
    expect(mistakeOf(text, PEOPLE)).toMatchObject({ code: 'type_mismatch', at, found, expected })
  })

  it.each<[fact: string, text: string, expr: object]>([
    [
      'text and a number compare as numbers',
      'age > 60',
      { of: 'number', left: { kind: 'cast', type: 'number', operand: { kind: 'column', index: 0 } } },
    ],
    ['text and text compare as text', "age > '60'", { of: 'text', left: { kind: 'column' }, right: { kind: 'literal', type: 'text' } }],
    ['two columns compare as text', 'age > id', { of: 'text' }],
    ['a text literal is cast at once', "60 > '7'", { of: 'number', right: { kind: 'literal', type: 'number', value: 7 } }],
    ['a text literal that is no number is NULL', "60 > 'x'", { right: { kind: 'literal', type: 'number', value: null } }],
    ['text and a date compare as dates', "born > DATE '1970-01-02'", { of: 'date', right: { value: 1 } }],
    [
      'a date and a timestamp compare as timestamps',
      "TIMESTAMP '1970-01-02' > CAST(born AS DATE)",
      { of: 'timestamp', right: { kind: 'cast', type: 'timestamp', operand: { kind: 'cast', type: 'date' } } },
    ],
    ['text and a condition compare as booleans', 'age = (id > 5)', { of: 'boolean' }],
    ['NULL fits everywhere', 'NULL = 5', { of: 'number', left: { type: 'null' } }],
    ['a column as a condition is cast to a boolean', 'age', { kind: 'cast', type: 'boolean' }],
    [
      'each side of BETWEEN has its own type',
      "age BETWEEN 1 AND '5'",
      {
        kind: 'logic',
        operator: 'AND',
        items: [
          { operator: '>=', of: 'number' },
          { operator: '<=', of: 'text' },
        ],
      },
    ],
  ])('%s', (_fact, text, expr) => {
    expect(filterOf(text, PEOPLE).expr).toMatchObject(expr)
  })
})

describe('what is the same for every record', () => {
  it.each<[fact: string, text: string, expr: object]>([
    ['is computed at once', 'age > 50 + 10', { kind: 'compare', right: { kind: 'literal', type: 'number', value: 60 } }],
    [
      'also below other things',
      'age > id + (3 - 1) * 2',
      { right: { kind: 'arith', items: [{ kind: 'cast' }, { kind: 'literal', value: 4 }] } },
    ],
    [
      'through functions',
      "born > date_trunc('month', '1970-02-03')",
      { of: 'timestamp', right: { kind: 'literal', value: 31 * 86_400_000_000 } },
    ],
    ['as a pattern', "State LIKE 'N' || '%'", { kind: 'like', pattern: { kind: 'literal', type: 'text' } }],
    ['as NULL', 'age > 1 + NULL', { right: { kind: 'literal', type: 'number', value: null } }],
    ['of a CASE', "State = CASE TRUE WHEN FALSE THEN 'a' END", { right: { kind: 'case' } }],
    ['not if it is a comparison', '1 = 1', { kind: 'compare' }],
  ])('%s', (_fact, text, expr) => {
    expect(filterOf(text, PEOPLE).expr).toMatchObject(expr)
  })
})

describe('the types of what is computed', () => {
  it.each<[fact: string, text: string, expr: object]>([
    [
      'arithmetic casts text to numbers',
      'age + id > 5',
      { left: { kind: 'arith', type: 'number', items: [{ kind: 'cast', type: 'number' }, { kind: 'cast' }] } },
    ],
    ['a plus sign is a cast', '+age = id', { of: 'number', left: { kind: 'cast', type: 'number', operand: { kind: 'column' } } }],
    [
      'a function casts text to its type',
      'year(born) > 1900',
      { left: { kind: 'call', type: 'number', args: [{ kind: 'cast', type: 'date' }] } },
    ],
    [
      'values of any type become the widest',
      'coalesce(age, 5) > 1',
      { left: { kind: 'call', type: 'number', of: 'number', args: [{ kind: 'cast' }, { kind: 'literal' }] } },
    ],
    [
      'a CASE is of the type of its results',
      "CASE WHEN age > 1 THEN born ELSE DATE '2024-01-31' END = born",
      { of: 'date', left: { kind: 'case', type: 'date' } },
    ],
    [
      'a CASE without ELSE has NULL',
      'CASE WHEN age > 1 THEN 5 END = 5',
      { left: { otherwise: { kind: 'literal', type: 'number', value: null } } },
    ],
    [
      'a CASE compares its subject with each WHEN',
      "CASE age WHEN 5 THEN TRUE WHEN 'x' THEN FALSE END",
      { kind: 'case', branches: [{ when: { of: 'number' } }, { when: { of: 'text' } }] },
    ],
  ])('%s', (_fact, text, expr) => {
    expect(filterOf(text, PEOPLE).expr).toMatchObject(expr)
  })
})

describe('a checked clause', () => {
  it('checks again to the same filter from its canonical text', () => {
    let fitting = 0
    fc.assert(
      fc.property(clause, (text) => {
        const checked = checkClause(text, COLUMNS)
        if (!checked.ok) {
          expect(checked.error.code).toBe('type_mismatch')
          return
        }
        fitting++
        expect(checkClause(checked.filter.clause, COLUMNS)).toEqual(checked)
      }),
      { numRuns: 1000 },
    )
    expect(fitting).toBeGreaterThan(100)
  })

  it('is refused if its canonical text would be too long to be read again', () => {
    const text = Array.from({ length: 190 }, () => 'cast(a AS DATE)=b').join(' OR ')
    expect(mistakeOf(text, ['a', 'b'])).toMatchObject({ code: 'clause_invalid', at: 0 })
  })
})

describe('any text', () => {
  const words = fc.constantFrom(
    'age',
    'AND',
    'or',
    'NOT',
    '(',
    ')',
    ',',
    '=',
    '>',
    '<',
    'IN',
    'IS',
    'NULL',
    'LIKE',
    'BETWEEN',
    'CAST',
    'AS',
    'DOUBLE',
    "'x'",
    "'",
    '"',
    '"id"',
    '5',
    '-',
    '+',
    '&&',
    '=>',
    '‘',
    '”',
    ';',
    'DATE',
    'ESCAPE',
    '\n',
    '\ud800',
    '😀',
    '~',
    '`',
    'DISTINCT',
    'FROM',
    'WHERE',
    'CASE',
    'WHEN',
    'THEN',
    'ELSE',
    'END',
    'REGEXP',
    '*',
    '%',
    '||',
    'lower(',
    'substr(',
    'date_diff(',
    "'day'",
    "'(?i)x'",
    "'(''x'",
    '__proto__',
    'constructor',
  )
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.array(words, { maxLength: 25 }).map((list) => list.join(' ')),
  )

  it('is a filter, or a mistake at a place in it', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const checked = checkClause(text, PEOPLE)
        if (checked.ok) return
        const { at, length, text: sentence } = checked.error
        expect(at).toBeGreaterThanOrEqual(0)
        expect(length).toBeGreaterThanOrEqual(0)
        expect(at + length).toBeLessThanOrEqual(text.length)
        expect(sentence).toMatch(/[.?]$/)
      }),
      { numRuns: 3000 },
    )
  })
})
