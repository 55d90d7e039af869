/**
 * Which functions can a clause call? One table, of which checks, evaluation, the documentation and completion are made: to add a function, add a row.
 *
 * A row begins with the signature as it is shown. A parameter of the name of a type needs no type behind it; `name?` may be left out, `...name` may come again and again.
 * Types are those of expr.ts, and `any`: all arguments of that type are made one type, the widest, and so is the result. `integer`, `pattern`, `options` and `unit` must be written out
 * as a number or text: they are taken once, when the clause is compiled, and not once a record.
 */
import type { Value } from './expr.ts'
import { foldCase, raiseCase } from './fold.ts'
import { dayOfWeek, dayOfYear, isoDayOfWeek, isoWeek, lastDay } from './functions/calendar.ts'
import * as choice from './functions/choice.ts'
import { civilPart, dateDiff, datePart, dateTrunc, dayName, monthName, timePart } from './functions/date.ts'
import * as numbers from './functions/number.ts'
import { countPoints } from './functions/points.ts'
import { regexpExtract, regexpTest } from './functions/regexp.ts'
import { endsWith, findBytes, startsWith } from './functions/search.ts'
import * as texts from './functions/text.ts'
import { unitOf } from './functions/unit.ts'
import { type FilterFunction, type Given, readSignature } from './signature.ts'

export type { FilterFunction, Given } from './signature.ts'

type Run = (...values: never[]) => Value
type More = Partial<Pick<FilterFunction, 'aliases' | 'takesNull' | 'unlike'>>

/** A function of values alone. */
const row = (signature: string, means: string, example: string, run: Run, more: More = {}): FilterFunction =>
  prepared(signature, means, example, () => run, more)

/** A function with something to be taken once: a literal, or the type of its arguments. */
const prepared = (signature: string, means: string, example: string, bind: (given: Given) => Run, more: More = {}): FilterFunction => ({
  ...readSignature(signature),
  signature,
  means,
  example,
  bind: bind as FilterFunction['bind'],
  aliases: [],
  takesNull: false,
  ...more,
})

const TEXT: readonly FilterFunction[] = [
  row('lower(text): text', 'The text in lower case, letter by letter.', "lower('ÀB') = 'àb'", foldCase, { aliases: ['lcase'] }),
  row('upper(text): text', 'The text in upper case, letter by letter.', "upper('straße') = 'STRAẞE'", raiseCase, { aliases: ['ucase'] }),
  row(
    'trim(text, characters?: text): text',
    'The text without spaces (or these characters) at both ends; tabs and line ends are no spaces.',
    "trim('  a ') = 'a'",
    texts.trim,
  ),
  row(
    'ltrim(text, characters?: text): text',
    'The text without spaces (or these characters) at its start.',
    "ltrim('00120', '0') = '120'",
    texts.ltrim,
  ),
  row(
    'rtrim(text, characters?: text): text',
    'The text without spaces (or these characters) at its end.',
    "rtrim('a..', '.') = 'a'",
    texts.rtrim,
  ),
  row('length(text): number', 'How many characters (code points) the text has.', "length('héllo') = 5", countPoints, {
    aliases: ['len', 'char_length', 'character_length'],
  }),
  row('strlen(text): number', 'How many bytes of UTF-8 the text has.', "strlen('é') = 2", (text: Uint8Array) => text.length),
  prepared(
    'substr(text, start: integer, length?: integer): text',
    'The characters from `start` on (1 is the first, -1 the last), all or `length` of them.',
    "substr('hello', 2, 3) = 'ell'",
    ({ integer }) => {
      const [start, length] = [integer('start')!, integer('length')]
      return (text: Uint8Array) => texts.substr(text, start, length)
    },
    { aliases: ['substring'] },
  ),
  prepared(
    'left(text, count: integer): text',
    'The first `count` characters; if negative, all but the last so many.',
    "left('hello', 2) = 'he'",
    ({ integer }) => {
      const count = integer('count')!
      return (text: Uint8Array) => texts.left(text, count)
    },
  ),
  prepared(
    'right(text, count: integer): text',
    'The last `count` characters; if negative, all but the first so many.',
    "right('hello', 2) = 'lo'",
    ({ integer }) => {
      const count = integer('count')!
      return (text: Uint8Array) => texts.right(text, count)
    },
  ),
  row(
    'replace(text, from: text, to: text): text',
    'The text with every `from` replaced by `to`.',
    "replace('a-b-c', '-', '') = 'abc'",
    texts.replace,
  ),
  prepared(
    'split_part(text, separator: text, index: integer): text',
    'The piece of this number between separators (1 is the first, -1 the last); empty if there is none.',
    "split_part('a@b.org', '@', 2) = 'b.org'",
    ({ integer }) => {
      const index = integer('index')!
      return (text: Uint8Array, separator: Uint8Array) => texts.splitPart(text, separator, index)
    },
    { aliases: ['string_split_part'] },
  ),
  row(
    'contains(text, part: text): boolean',
    'Does the part stand anywhere in the text?',
    "contains('hello', 'ell')",
    (text: Uint8Array, part: Uint8Array) => findBytes(text, part) >= 0,
  ),
  row('starts_with(text, part: text): boolean', 'Does the text begin with the part?', "starts_with('hello', 'he')", startsWith, {
    aliases: ['prefix'],
  }),
  row('ends_with(text, part: text): boolean', 'Does the text end with the part?', "ends_with('hello', 'lo')", endsWith, {
    aliases: ['suffix'],
  }),
  row(
    'strpos(text, part: text): number',
    'At which character the part begins, 0 if it does not stand there.',
    "strpos('hello', 'l') = 3",
    texts.strpos,
    { aliases: ['instr'] },
  ),
  row(
    'concat(...texts: text): text',
    'The texts joined; NULL counts as empty (with || the whole would be NULL).',
    "concat('a', NULL, 'b') = 'ab'",
    texts.concat,
    { takesNull: true },
  ),
  row(
    'concat_ws(separator: text, ...texts: text): text',
    'The texts that are not NULL, joined by the separator.',
    "concat_ws(', ', 'a', NULL, 'b') = 'a, b'",
    texts.concatWs,
    { takesNull: true },
  ),
  prepared('repeat(text, count: integer): text', 'The text so many times.', "repeat('ab', 3) = 'ababab'", ({ integer }) => {
    const count = integer('count')!
    return (text: Uint8Array) => texts.repeat(text, count)
  }),
  row('reverse(text): text', 'The text from its end to its start; a letter keeps its accents.', "reverse('añb') = 'bña'", texts.reverse),
  prepared(
    'lpad(text, length: integer, filling: text): text',
    'The text cut to `length` characters or filled up at its start.',
    "lpad('5', 3, '0') = '005'",
    ({ integer }) => {
      const length = integer('length')!
      return (text: Uint8Array, filling: Uint8Array) => texts.lpad(text, length, filling)
    },
    { unlike: 'NULL where there is nothing to fill with; DuckDB stops' },
  ),
  prepared(
    'rpad(text, length: integer, filling: text): text',
    'The text cut to `length` characters or filled up at its end.',
    "rpad('5', 3, '.') = '5..'",
    ({ integer }) => {
      const length = integer('length')!
      return (text: Uint8Array, filling: Uint8Array) => texts.rpad(text, length, filling)
    },
    { unlike: 'NULL where there is nothing to fill with; DuckDB stops' },
  ),
  prepared(
    'regexp_matches(text, pattern, options?): boolean',
    'Does the regular expression (RE2) match any part of the text? `text REGEXP pattern` is the same.',
    "regexp_matches('Nr. 12', '\\d+$')",
    regexpTest('part'),
  ),
  prepared(
    'regexp_full_match(text, pattern, options?): boolean',
    'Does the regular expression (RE2) match the whole text?',
    "regexp_full_match('12', '\\d+')",
    regexpTest('whole'),
  ),
  prepared(
    'regexp_extract(text, pattern, group?: integer, options?): text',
    'What the first match of the regular expression (RE2) holds, or one of its groups; empty if nothing matches.',
    "regexp_extract('a12b', '[a-z](\\d+)', 1) = '12'",
    regexpExtract,
  ),
]

const NUMBER: readonly FilterFunction[] = [
  row('abs(number): number', 'The number without its sign.', 'abs(-5.5) = 5.5', Math.abs),
  prepared(
    'round(number, digits?: integer): number',
    'The number rounded to whole ones or to so many digits; halves go away from zero, negative digits round tens, hundreds and so on.',
    'round(2.675, 2) = 2.68',
    ({ integer }) => {
      const digits = integer('digits')
      return (number: number) => numbers.round(number, digits)
    },
  ),
  row('floor(number): number', 'The greatest whole number that is not above.', 'floor(-1.5) = -2', Math.floor),
  row('ceil(number): number', 'The least whole number that is not below.', 'ceil(1.2) = 2', Math.ceil, { aliases: ['ceiling'] }),
  row('trunc(number): number', 'The number without what stands behind the point.', 'trunc(-1.5) = -1', Math.trunc),
  row('sign(number): number', '1, 0 or -1.', 'sign(-2.5) = -1', numbers.sign),
  row('sqrt(number): number', 'The square root.', 'sqrt(2.25) = 1.5', numbers.sqrt, { unlike: 'NULL for a negative number; DuckDB stops' }),
]

const DATE: readonly FilterFunction[] = [
  row(
    'year(date): number',
    'The year; years before 1 count 0, -1 and so on.',
    "year('2024-02-03') = 2024",
    civilPart(({ year }) => year),
  ),
  row(
    'quarter(date): number',
    'The quarter of the year, 1 to 4.',
    "quarter('2024-05-01') = 2",
    civilPart(({ month }) => Math.ceil(month / 3)),
  ),
  row(
    'month(date): number',
    'The month, 1 to 12.',
    "month('2024-02-03') = 2",
    civilPart(({ month }) => month),
  ),
  row(
    'week(date): number',
    'The week of the year (ISO 8601): it begins on Monday, week 1 holds the first Thursday.',
    "week('2021-01-01') = 53",
    datePart(isoWeek),
    { aliases: ['weekofyear'] },
  ),
  row(
    'day(date): number',
    'The day of the month.',
    "day('2024-02-03') = 3",
    civilPart(({ day }) => day),
    { aliases: ['dayofmonth'] },
  ),
  row('dayofweek(date): number', 'The day of the week, 0 (Sunday) to 6.', "dayofweek('2024-02-04') = 0", datePart(dayOfWeek), {
    aliases: ['weekday', 'day_of_week'],
  }),
  row('isodow(date): number', 'The day of the week, 1 (Monday) to 7.', "isodow('2024-02-04') = 7", datePart(isoDayOfWeek)),
  row('dayofyear(date): number', 'The day of the year, from 1.', "dayofyear('2024-12-31') = 366", datePart(dayOfYear)),
  row('hour(timestamp): number', 'The hour, 0 to 23.', "hour('2024-01-31 23:59') = 23", timePart(3_600_000_000, 24)),
  row('minute(timestamp): number', 'The minute, 0 to 59.', "minute('2024-01-31 23:59') = 59", timePart(60_000_000, 60)),
  row(
    'second(timestamp): number',
    'The second, 0 to 59, without its fraction.',
    "second('2024-01-31 23:59:58.5') = 58",
    timePart(1_000_000, 60),
  ),
  row('dayname(date): text', 'The English name of the day of the week.', "dayname('2024-02-04') = 'Sunday'", dayName),
  row('monthname(date): text', 'The English name of the month.', "monthname('2024-02-04') = 'February'", monthName),
  row('last_day(date): date', 'The last day of the month.', "last_day('2024-02-04') = DATE '2024-02-29'", datePart(lastDay)),
  prepared(
    'date_diff(unit, from: timestamp, to: timestamp): number',
    'How many units begin between two moments (weeks: how often seven days fit); negative if `to` is earlier.',
    "date_diff('day', '2024-01-31', '2024-02-04') = 4",
    (given) => dateDiff(unitOf(given)),
    { aliases: ['datediff'] },
  ),
  prepared(
    'date_trunc(unit, timestamp): timestamp',
    'The moment at which this year, month, week, … began.',
    "date_trunc('month', '2024-02-04') = DATE '2024-02-01'",
    (given) => dateTrunc(unitOf(given)),
    { aliases: ['datetrunc'] },
  ),
]

const ANY: readonly FilterFunction[] = [
  row('coalesce(...values: any): any', 'The first value that is not NULL.', "coalesce(NULL, 'b') = 'b'", choice.coalesce, {
    takesNull: true,
    aliases: ['ifnull'],
  }),
  prepared(
    'nullif(value: any, other: any): any',
    'NULL if both are equal, else the value.',
    "nullif('n/a', 'n/a') IS NULL",
    ({ of }) => choice.nullif(of),
    { takesNull: true },
  ),
  prepared(
    'greatest(...values: any): any',
    'The greatest of the values that are not NULL.',
    'greatest(1, NULL, 3) = 3',
    ({ of }) => choice.extreme(of, 1),
    { takesNull: true },
  ),
  prepared(
    'least(...values: any): any',
    'The least of the values that are not NULL.',
    "least('b', 'a') = 'a'",
    ({ of }) => choice.extreme(of, -1),
    { takesNull: true },
  ),
  row(
    'if(condition: boolean, then: any, otherwise: any): any',
    'One value if the condition is TRUE, else the other.',
    "if(2 > 1, 'a', 'b') = 'a'",
    choice.choose,
    { takesNull: true },
  ),
]

/** The table, by what the functions speak of. */
export const FUNCTIONS: readonly { readonly about: string; readonly rows: readonly FilterFunction[] }[] = [
  { about: 'Text', rows: TEXT },
  { about: 'Numbers', rows: NUMBER },
  { about: 'Dates and times', rows: DATE },
  { about: 'Choice', rows: ANY },
]

const ROWS = FUNCTIONS.flatMap(({ rows }) => rows)
const BY_NAME = new Map(ROWS.flatMap((known) => [known.name, ...known.aliases].map((name) => [name, known] as const)))

/** Every name that can be called. */
export const FUNCTION_NAMES: readonly string[] = [...BY_NAME.keys()]

/** The row of a function by any of its names, in any case. */
export const functionNamed = (name: string): FilterFunction | undefined => BY_NAME.get(name.toLowerCase())

/** The functions as a list for people and for completion. */
export const functionList = () =>
  FUNCTIONS.flatMap(({ about, rows }) =>
    rows.map(({ name, aliases, signature, means, example }) => ({ name, aliases: [...aliases], about, signature, means, example })),
  )
