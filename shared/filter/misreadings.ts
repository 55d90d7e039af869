/**
 * What do people write who know another language? Signs that mean nothing here, each with what to say about it.
 * Every pattern is tried before the signs of the language, so a longer wrong sign (`=>`) is not read as two right ones.
 */
import type { Hints } from './clause.ts'

interface Misreading {
  /** Sticky; must not match any sign that the language has. */
  readonly pattern: RegExp
  readonly say: (found: string) => { readonly text: string } & Hints
}

const row = (pattern: RegExp, say: Misreading['say']): Misreading => ({ pattern, say })

/** A sign that has another spelling here. */
const instead = (pattern: RegExp, right: string) =>
  row(pattern, (found) => ({ text: `${found} is written ${right} here.`, expected: right, suggestion: right }))

const refused = (pattern: RegExp, text: string, hints: Hints = {}) => row(pattern, () => ({ text, ...hints }))

/** The words between typographic quotes. */
const inner = (found: string) => found.replace(/[‘’‚‛“”„‟«»`´]/gu, '')

export const MISREADINGS: readonly Misreading[] = [
  instead(/&&?/y, 'AND'),
  instead(/\|(?!\|)/y, 'OR'),
  instead(/===/y, '='),
  instead(/!==|=!|≠/y, '<>'),
  instead(/=>|≥/y, '>='),
  instead(/=<|≤/y, '<='),
  instead(/<=>/y, 'IS NOT DISTINCT FROM'),
  instead(/~~\*/y, 'ILIKE'),
  instead(/!~~\*/y, 'NOT ILIKE'),
  instead(/~~/y, 'LIKE'),
  instead(/!~~/y, 'NOT LIKE'),
  instead(/~\*?/y, 'REGEXP'),
  instead(/!~\*?/y, 'NOT REGEXP'),
  instead(/!(?!=)/y, 'NOT'),
  row(/‘[^’]*’|[‘’‚‛´][^‘’‚‛´']*[‘’‚‛´']?/uy, (found) => ({
    text: 'These are typographic quotes; a text stands in straight single quotes.',
    expected: 'straight single quotes',
    suggestion: `'${inner(found).replaceAll("'", '')}'`,
  })),
  row(/[“”„‟«»][^“”„‟«»"]*[“”„‟«»"]?/uy, (found) => ({
    text: 'These are typographic quotes; a text stands in straight single quotes, a column name in straight double quotes.',
    expected: 'straight quotes',
    suggestion: `'${inner(found).replaceAll('"', '').replaceAll("'", "''")}'`,
  })),
  row(/`[^`]*`?/y, (found) => ({
    text: 'A column name stands in double quotes, not in backticks.',
    expected: 'double quotes',
    suggestion: `"${inner(found)}"`,
  })),
  refused(/;/y, 'A clause ends without a semicolon; leave it out.'),
  refused(/--|\/\*/y, 'A clause cannot hold comments.'),
  refused(/::/y, 'A cast is written CAST(column AS DOUBLE).', { expected: 'CAST(… AS …)' }),
  refused(/\*\*|\^/y, 'Powers are not part of the language: write x * x.'),
  refused(/\/\//y, 'Whole-number division is written floor(a / b) here.', { suggestion: 'floor(a / b)' }),
  refused(/[[\]]/y, 'A column of an unusual name stands in double quotes, a list of values in parentheses.', { expected: '" or (' }),
]
