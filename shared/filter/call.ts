/** How is the call of a function read? Its name must be in the table; how many arguments of which types it takes is asked later, when the columns are known (check-call.ts). */
import type { Ast } from './ast.ts'
import { fail } from './clause.ts'
import { type Cursor, eat, isNext, nested, node, take, unexpected } from './cursor.ts'
import { FOREIGN_FUNCTIONS } from './foreign-functions.ts'
import { type FilterFunction, FUNCTION_NAMES, functionNamed } from './functions.ts'
import type { Token } from './lexer.ts'
import { nearest } from './nearest.ts'

/** Words before ( that are no functions but may be meant. */
const NEAR_WORDS = ['not', 'in', 'cast', 'try_cast']

const refuseUnknown = (token: Token): never => {
  const found = token.value
  const sentence = `There is no function ${found}()`
  const foreign = FOREIGN_FUNCTIONS[found.toLowerCase()]
  if (foreign?.reason) return fail('clause_invalid', token, `${sentence}: ${foreign.reason}`, { found, expected: 'a function' })
  const meant = foreign?.instead ?? nearest(found, [...FUNCTION_NAMES, ...NEAR_WORDS])
  const hints = { found, expected: 'a function' }
  if (meant === null) return fail('clause_invalid', token, `${sentence}.`, hints)
  return fail('clause_invalid', token, `${sentence}. Did you mean ${meant}?`, { ...hints, suggestion: meant })
}

const readArguments = (c: Cursor): Ast[] => {
  if (eat(c, ')')) return []
  const args = [c.rules.condition(c)]
  while (eat(c, ',')) args.push(c.rules.condition(c))
  if (!isNext(c, ')')) unexpected(c, 'a comma or )')
  take(c)
  return args
}

/** Reads a word and the arguments in parentheses behind it. */
export const readCall = (c: Cursor): Ast => {
  const first = take(c)
  const known: FilterFunction = functionNamed(first.value) ?? refuseUnknown(first)
  take(c)
  return nested(c, first, () => {
    const args = readArguments(c)
    return node(c, first, { kind: 'call', name: known.name, args })
  })
}
