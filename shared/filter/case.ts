/** How is a CASE read? `CASE WHEN condition THEN value … [ELSE value] END`, or with a subject that each WHEN is compared with. Without a WHEN behind it, CASE is a column. */
import type { Ast, Branch } from './ast.ts'
import { fail } from './clause.ts'
import { type Cursor, eat, isNext, need, nested, node, peek, take } from './cursor.ts'
import { beginsOperand } from './refusals.ts'

/** True if a CASE begins here and is no column of that name. */
export const beginsCase = (c: Cursor): boolean =>
  isNext(c, 'CASE') &&
  (peek(c, 1).sign === 'WHEN' || (beginsCaseSubject(c) && c.tokens.some(({ sign, at }) => sign === 'WHEN' && at > peek(c).at)))

const beginsCaseSubject = (c: Cursor): boolean => beginsOperand(c, 1) || peek(c, 1).sign === '-' || peek(c, 1).sign === '+'

const readBranch = (c: Cursor): Branch => {
  need(c, 'WHEN')
  const when = c.rules.condition(c)
  need(c, 'THEN')
  return { when, result: c.rules.condition(c) }
}

export const readCase = (c: Cursor): Ast => {
  const first = take(c)
  return nested(c, first, () => {
    const subject = isNext(c, 'WHEN') ? null : c.rules.operand(c)
    const branches = [readBranch(c)]
    while (isNext(c, 'WHEN')) branches.push(readBranch(c))
    const otherwise = eat(c, 'ELSE') ? c.rules.condition(c) : null
    if (!eat(c, 'END'))
      fail('clause_invalid', peek(c), otherwise ? 'A CASE ends with END.' : 'A CASE goes on with WHEN or ELSE, or ends with END.', {
        found: peek(c).value,
        expected: otherwise ? 'END' : 'WHEN, ELSE or END',
      })
    return node(c, first, { kind: 'case', subject, branches, otherwise })
  })
}
