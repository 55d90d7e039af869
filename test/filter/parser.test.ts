import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { parseClause } from '../../shared/filter/parser.ts'
import { printClause } from '../../shared/filter/print.ts'

/** What was read, written with the parentheses that it needs. */
const read = (text: string): string => {
  const parsed = parseClause(text)
  return parsed.ok ? printClause(parsed.ast) : `${parsed.error.at}: ${parsed.error.text}`
}

describe('reading', () => {
  it.each<[fact: string, text: string, canonical: string]>([
    ['AND binds tighter than OR', 'a OR b AND c', 'a OR b AND c'],
    ['parentheses hold OR together', '(a OR b) AND c', '(a OR b) AND c'],
    ['parentheses that change nothing go away', '((a) AND ((b) AND c))', 'a AND b AND c'],
    ['NOT takes one predicate', 'NOT a = 1 AND b', 'NOT a = 1 AND b'],
    ['NOT of a group', 'not (a or b)', 'NOT (a OR b)'],
    ['IS speaks of a whole comparison', 'a = 1 IS TRUE', '(a = 1) IS TRUE'],
    ['IS follows IS', 'a IS NULL IS NOT FALSE', '(a IS NULL) IS NOT FALSE'],
    ['a LIKE can be compared', "a LIKE 'x' = TRUE", "(a LIKE 'x') = TRUE"],
    ['the AND of BETWEEN is its own', 'a BETWEEN 1 AND 2 AND b', 'a BETWEEN 1 AND 2 AND b'],
    [
      'NOT before a predicate word',
      "a NOT IN (1, 2) OR b NOT BETWEEN 1 AND 2 OR c NOT LIKE 'x'",
      "a NOT IN (1, 2) OR b NOT BETWEEN 1 AND 2 OR c NOT LIKE 'x'",
    ],
    ['IS DISTINCT FROM', 'a is not distinct from b OR a IS DISTINCT FROM NULL', 'a IS NOT DISTINCT FROM b OR a IS DISTINCT FROM NULL'],
    ['ESCAPE belongs to its LIKE', "a ILIKE 'x$%' ESCAPE '$'", "a ILIKE 'x$%' ESCAPE '$'"],
    ['an empty ESCAPE is none', "a LIKE 'x' ESCAPE ''", "a LIKE 'x'"],
    ['synonyms are one', 'a == 1 AND b != 2', 'a = 1 AND b <> 2'],
    ['type names are one', 'CAST(a AS float) = TRY_CAST(b AS number)', 'TRY_CAST(a AS DOUBLE) = TRY_CAST(b AS DOUBLE)'],
    ['signs of a number cancel out', 'a = - -5 OR a = -+5 OR a = +5', 'a = 5 OR a = -5 OR a = 5'],
    ['a number keeps its digits', 'a > 9007199254740993.10', 'a > 9007199254740993.10'],
    ['DATE before a text is a date', "DATE '2024-01-31' < date", 'DATE \'2024-01-31\' < "date"'],
    ['a condition can be compared', '(a > 1) = (b > 2)', '(a > 1) = (b > 2)'],
    ['words are read in any case', 'a Is nUlL', 'a IS NULL'],
    ['a word in double quotes is a name', '"and" and "is" is null', '"and" AND "is" IS NULL'],
    ['a name may hold double quotes', '"a""b" = 1', '"a""b" = 1'],
    [
      'words without a meaning there are columns',
      'case = 1 AND end = 2 AND escape = 3 AND distinct = 4',
      '"case" = 1 AND "end" = 2 AND "escape" = 3 AND "distinct" = 4',
    ],
    ['where may be a column', 'where > 5', '"where" > 5'],
    ['* binds tighter than +', 'a + b * c = (a + b) * c', 'a + b * c = (a + b) * c'],
    ['+ and - are read from left to right', '(a - b) + c = a - (b + c)', 'a - b + c = a - (b + c)'],
    ['* / and % are read from left to right', '(a / b) % c = a / (b % c)', 'a / b % c = a / (b % c)'],
    ['a sign binds tightest', '-a * +b = -(a * b)', '-a * +b = -(a * b)'],
    ['signs of a sign', '- -a = -(+a)', '-(-a) = -(+a)'],
    ['a sign before a number in parentheses is its own', '-(5) = -(-5)', '-5 = 5'],
    ['a minus without spaces', 'a-1 = a -1', 'a - 1 = a - 1'],
    ['a minus before a negative number', 'a - -1 > 0', 'a - -1 > 0'],
    ['|| in a row is one', "a || 'x' || (b || c) = d", "a || 'x' || b || c = d"],
    ['|| around arithmetic in parentheses', 'a || (b + c) = d', 'a || (b + c) = d'],
    [
      'arithmetic binds tighter than a predicate',
      'a + 1 IN (b * 2, 3) AND a BETWEEN 1 - 2 AND b + 2',
      'a + 1 IN (b * 2, 3) AND a BETWEEN 1 - 2 AND b + 2',
    ],
    ['|| binds tighter than LIKE', "a || b LIKE 'x' || '%'", "a || b LIKE 'x' || '%'"],
    ['REGEXP is a function', "a REGEXP '^x'", "regexp_matches(a, '^x')"],
    ['NOT REGEXP', "a || b NOT REGEXP 'x' AND c", "NOT regexp_matches(a || b, 'x') AND c"],
    ['a function by its first name, in lower case', "LEN(a) > 2 AND Substring(b, 2) = 'x'", "length(a) > 2 AND substr(b, 2) = 'x'"],
    ['a condition as an argument', "if(a OR b, 'x', 'y') = 'x'", "if(a OR b, 'x', 'y') = 'x'"],
    ['a function without arguments is read', 'concat() = 1', 'concat() = 1'],
    ['a name before anything but ( is a column', 'year = 1 AND left IS NULL', 'year = 1 AND left IS NULL'],
    [
      'CASE with conditions',
      "case when a > 1 then 'x' when b then 'y' else 'z' end = c",
      "CASE WHEN a > 1 THEN 'x' WHEN b THEN 'y' ELSE 'z' END = c",
    ],
    ['CASE with a subject', 'CASE a + 1 WHEN 2 THEN b END', 'CASE a + 1 WHEN 2 THEN b END'],
    ['CASE with a subject that has a sign', 'CASE -a WHEN 2 THEN b END', 'CASE -a WHEN 2 THEN b END'],
    ['CASE in a CASE', 'CASE CASE a WHEN 1 THEN 2 END WHEN 2 THEN b END', 'CASE CASE a WHEN 1 THEN 2 END WHEN 2 THEN b END'],
    ['columns of the names of CASE', 'case = 1 AND when = 2 AND then = 3', '"case" = 1 AND "when" = 2 AND "then" = 3'],
  ])('%s', (_fact, text, canonical) => {
    expect(read(text)).toBe(canonical)
  })
})

describe('refusing', () => {
  it.each<[text: string, at: number, sentence: string]>([
    ['', 0, 'The clause is empty'],
    ['age >', 5, 'The clause ends where a value or a column should follow.'],
    ['age > 60 && x', 9, '&& is written AND here.'],
    ['age > 60 | x', 9, '| is written OR here.'],
    ['age => 60', 4, '=> is written >= here.'],
    ['age =< 60', 4, '=< is written <= here.'],
    ['age === 60', 4, '=== is written = here.'],
    ['! age', 0, '! is written NOT here.'],
    ["state = 'NY", 8, 'The text that begins here has no closing quote.'],
    ['"state = 1', 0, 'The column name that begins here has no closing double quote.'],
    ['state = ‘NY’', 8, 'These are typographic quotes'],
    ['state = “NY”', 8, 'These are typographic quotes'],
    ['`state` = 1', 0, 'A column name stands in double quotes, not in backticks.'],
    ['age IN ()', 7, 'An IN list needs at least one value.'],
    ['age IN 5', 7, 'Expected a list in parentheses, but found 5.'],
    ['age IN (1 2)', 10, 'Expected a comma or ), but found 2.'],
    ['age IN (SELECT 1)', 8, 'A clause cannot hold a query'],
    ['age > 60 adn x', 9, 'Expected AND, OR or the end of the clause, but found adn. Did you mean AND?'],
    ["name liek 'x'", 5, 'Expected a comparison, but found liek. Did you mean LIKE?'],
    ['age 60', 4, 'Expected a comparison, but found 60.'],
    ['age > 5,000', 7, 'Digits are not grouped'],
    ['age > 1_000', 6, '1_000 is not a number; digits are not grouped.'],
    ["name = 'it's'", 11, 'The text ends before this; an apostrophe'],
    ['WHERE age > 60', 0, 'Leave out WHERE'],
    ['where not (age > 60)', 0, 'Leave out WHERE'],
    ['SELECT * FROM t', 0, 'Write only the condition'],
    ['age > 60;', 8, 'A clause ends without a semicolon'],
    ['age > 60 -- old', 9, 'A clause cannot hold comments.'],
    ['(age > 60', 9, 'The clause ends where AND, OR or ) should follow.'],
    ['age > 60)', 8, 'This ) closes no parenthesis.'],
    ['age BETWEEN 1 OR 2', 14, 'Expected AND, but found OR.'],
    ['age IS 5', 7, 'Expected NULL, TRUE, FALSE or DISTINCT FROM, but found 5.'],
    ['AND age', 0, 'Expected a value or a column, but found AND.'],
    ['is = 5', 0, 'is is a word of the language; a column of this name is written "is".'],
    ['CAST(a AS INT) > 5', 10, 'There is no type INT here: use DOUBLE.'],
    ['CAST(a AS DOUBEL) > 5', 10, 'Expected DOUBLE, VARCHAR, DATE, TIMESTAMP or BOOLEAN, but found DOUBEL. Did you mean DOUBLE?'],
    ['CAST(a DOUBLE) > 5', 7, 'Expected AS, but found DOUBLE.'],
    ['a::INT > 5', 1, 'A cast is written CAST'],
    ["a LIKE 'x' ESCAPE 'ab'", 18, 'ESCAPE takes one character.'],
    ["a LIKE 'x' ESCAPE b", 18, 'Expected a text of one character, but found b.'],
    ['18 < age < 65', 9, 'Comparisons cannot be chained'],
    ["a = b LIKE 'x'", 6, 'Put parentheses around'],
    ["a LIKE 'x' LIKE 'y'", 11, 'Put parentheses around'],
    ['a IS DISTINCT FROM b = c', 21, 'Put parentheses around'],
    ['# a', 0, 'This character means nothing here'],
    ["a ~ 'x'", 2, '~ is written REGEXP here.'],
    ["a !~~* 'x'", 2, '!~~* is written NOT ILIKE here.'],
    ['a ** 2 > 1', 2, 'Powers are not part of the language: write x * x.'],
    ['a // 2 > 1', 2, 'Whole-number division is written floor(a / b) here.'],
    ['a + > 1', 4, 'Expected a value or a column, but found >.'],
    ['a + b || c', 6, 'Put parentheses around the part to the left or right: || next to + or -'],
    ['a || b - c', 2, 'Put parentheses around the part to the left or right: || next to + or -'],
    ['(a) + b || c', 8, 'Put parentheses around the part to the left or right: || next to + or -'],
    ["a = b REGEXP 'x'", 6, 'Put parentheses around'],
    ['lower(a', 7, 'The clause ends where a comma or ) should follow.'],
    ['lower(a b)', 8, 'Expected a comma or ), but found b.'],
    ['lower(,)', 6, 'Expected a value or a column, but found ,.'],
    ["lowr(a) = 'x'", 0, 'There is no function lowr(). Did you mean lower?'],
    ['now() > 1', 0, 'There is no function now(): a clause keeps the same rows whenever it runs.'],
    ["charindex(a, 'x') > 1", 0, 'There is no function charindex(). Did you mean strpos?'],
    ['constructor(a) > 1', 0, 'There is no function constructor()'],
    ['pow(a, 2) > 1', 0, 'There is no function pow(): its last digits differ'],
    ['noot (a)', 0, 'There is no function noot(). Did you mean not?'],
    ['CASE WHEN a THEN b', 18, 'A CASE goes on with WHEN or ELSE, or ends with END.'],
    ['CASE WHEN a THEN b ELSE c', 25, 'A CASE ends with END.'],
    ['CASE WHEN a b END', 12, 'Expected THEN, but found b.'],
    ['CASE a THEN b END', 5, 'Expected a comparison, but found a.'],
  ])('%j at %i', (text, at, sentence) => {
    expect(read(text)).toMatch(new RegExp(`^${at}: ${sentence.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`))
  })

  it.each([
    ['parentheses', '('.repeat(2000)],
    ['NOTs', 'NOT '.repeat(1000)],
    ['casts', 'CAST('.repeat(800)],
    ['a chain of IS', `a${' IS NULL'.repeat(500)}`],
    ['signs', `${'- '.repeat(1000)}a`],
    ['calls', 'lower('.repeat(600)],
    ['CASEs', 'CASE WHEN '.repeat(400)],
  ])('too many %s', (_what, text) => {
    expect(read(text)).toMatch(`nested more than ${LIMITS.clauseDepthMax} levels deep`)
  })

  it('takes a thousand conditions in a row, which lie side by side', () => {
    const text = Array.from({ length: 800 }, () => 'a').join(' OR ')
    expect(read(text)).toBe(text)
  })

  it.each([' + ', ' - ', ' * ', ' || '])('takes a thousand values in a row joined by%s, which lie side by side', (sign) => {
    const text = Array.from({ length: 800 }, () => 'a').join(sign)
    expect(read(text)).toBe(text)
  })

  it('10,000 parentheses are too long before they are too deep', () => {
    expect(read('('.repeat(10_000))).toBe(`0: A clause is at most ${LIMITS.clauseBytesMax} bytes long.`)
  })

  it('a list over its limit', () => {
    const list = (count: number) => `a IN (${Array.from({ length: count }, () => '1').join(',')})`
    expect(parseClause(list(LIMITS.clauseInMax)).ok).toBe(true)
    expect(read(list(LIMITS.clauseInMax + 1))).toMatch('An IN list holds at most 1000 values.')
  })
})
