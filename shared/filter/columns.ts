/** Which column does a name in a clause mean? By the rule of name.ts, and what to say where it means none or several. */
import type { AstOf } from './ast.ts'
import { fail } from './clause.ts'
import { columnsCalled } from './name.ts'
import { nearest } from './nearest.ts'

/** What to say about a name that no column has: the nearest column, or that a text stands in single quotes. */
const refuseUnknown = (ast: AstOf<'column'>, columns: readonly string[], isQuoted: boolean): never => {
  const sentence = `There is no column ${isQuoted ? `"${ast.name}"` : ast.name}`
  const near = nearest(ast.name, columns)
  if (near !== null)
    return fail('column_unknown', ast, `${sentence}. Did you mean ${near}?`, { found: ast.name, expected: 'a column', suggestion: near })
  const asText = `'${ast.name.replaceAll("'", "''")}'`
  const advice = isQuoted ? `double quotes name a column, a text is written ${asText}` : `a text stands in single quotes, as ${asText}`
  return fail('column_unknown', ast, `${sentence}: ${advice}.`, { found: ast.name, expected: 'a column', suggestion: asText })
}

/** Index of the column, counted from 0; fails with column_unknown or column_ambiguous. `isQuoted`: the clause wrote the name in double quotes. */
export const columnIndex = (ast: AstOf<'column'>, columns: readonly string[], isQuoted: boolean): number => {
  const alike = columnsCalled(ast.name, columns)
  if (alike.length === 0) return refuseUnknown(ast, columns, isQuoted)
  if (alike.length === 1) return alike[0]!
  const names = alike.slice(0, 3).map((index) => `"${columns[index]}"`)
  return fail(
    'column_ambiguous',
    ast,
    `${ast.name} can mean ${alike.length} columns: write the one you mean exactly, such as ${names[0]}.`,
    {
      found: ast.name,
      expected: names.join(' or '),
      suggestion: columns[alike[0]!]!,
    },
  )
}
