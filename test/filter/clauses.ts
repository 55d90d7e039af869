/** Random clauses, right in syntax though not always in types, for laws that hold for every clause. */
import fc from 'fast-check'

const text = fc
  .oneof(fc.constantFrom('', 'a', "it's", '%x_', 'é', '2024-01-31', 'true', '5'), fc.string({ maxLength: 6, unit: 'binary' }))
  .map((value) => `'${value.replaceAll("'", "''")}'`)

const literal = fc.oneof(
  text,
  fc.constantFrom('12', '1.5', '.5', '5.', '1e3', '-7', '- -7', '+0', 'TRUE', 'false', 'NULL'),
  text.map((value) => `DATE ${value}`),
  text.map((value) => `timestamp ${value}`),
)

export const COLUMNS = ['a', 'B', 'c d', 'date', 'and', 'é"'] as const

const column = fc.constantFrom('a', 'A', 'b', '"B"', '"c d"', 'date', '"and"', '"é"""')

const signed = fc.constantFrom('a', '-a', '+"B"', '5', '- 5', '(a + 1)', '-(b)')

const spaced = fc.constantFrom(' ', '  ', '\n', '\t ')

/** A condition; inside, `operand` may be a condition in parentheses. */
export const clause = fc.letrec<{ condition: string; operand: string; predicate: string }>((tie) => {
  const { condition, operand, predicate } = { condition: tie('condition'), operand: tie('operand'), predicate: tie('predicate') }
  const not = fc.constantFrom('', 'NOT ')
  const say = (strings: TemplateStringsArray, ...parts: fc.Arbitrary<string>[]) =>
    fc.tuple(...parts).map((texts) => String.raw({ raw: strings }, ...texts))
  return {
    operand: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'clause' },
      { weight: 4, arbitrary: column },
      { weight: 4, arbitrary: literal },
      { weight: 1, arbitrary: say`CAST(${condition} AS ${fc.constantFrom('DOUBLE', 'text', 'Date', 'TIMESTAMP', 'BOOL')})` },
      { weight: 1, arbitrary: say`(${condition})` },
      { weight: 1, arbitrary: say`${fc.constantFrom('-', '+', '- - ')}${operand}` },
      { weight: 2, arbitrary: say`(${operand}${spaced}${fc.constantFrom('+', '-', '*', '/', '%', '||')} ${operand})` },
      { weight: 1, arbitrary: say`(a ${fc.constantFrom('+', '-')} ${signed} ${fc.constantFrom('*', '/', '%')} ${signed} - ${signed})` },
      { weight: 1, arbitrary: say`(a || ${text} || (${operand} || b))` },
      { weight: 1, arbitrary: say`${fc.constantFrom('lower', 'UPPER', 'len', 'trim', 'abs', 'year', 'Hour')}(${operand})` },
      {
        weight: 1,
        arbitrary: say`${fc.constantFrom('coalesce', 'nullif', 'Greatest', 'concat', 'concat_ws', 'contains')}(${operand}, ${condition})`,
      },
      { weight: 1, arbitrary: say`substr(${operand}, ${fc.constantFrom('2', '-3', '0, 2')})` },
      { weight: 1, arbitrary: say`CASE WHEN ${condition} THEN ${operand} ELSE ${condition} END` },
      { weight: 1, arbitrary: say`case ${signed} WHEN ${operand} THEN ${operand} WHEN NULL THEN b end` },
    ),
    predicate: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'clause' },
      column,
      say`${operand}${spaced}${fc.constantFrom('=', '==', '<>', '!=', '<', '<=', '>', '>=', 'IS DISTINCT FROM', 'is not distinct from')} ${operand}`,
      say`${operand} ${not}IN (${operand}, ${operand})`,
      say`${operand} ${not}BETWEEN ${operand} AND ${operand}`,
      say`${operand} ${not}${fc.constantFrom('LIKE', 'ilike')} ${operand}${fc.constantFrom('', " ESCAPE '$'", " ESCAPE ''''")}`,
      say`${operand} ${not}REGEXP '${fc.constantFrom('a', '^[a-z]+$', "it''s")}'`,
      say`${operand} IS ${not}${fc.constantFrom('NULL', 'TRUE', 'FALSE')}`,
      say`${operand} = ${operand} IS ${not}TRUE IS NULL`,
    ),
    condition: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'clause' },
      { weight: 3, arbitrary: predicate },
      { weight: 2, arbitrary: say`${condition}${spaced}AND ${condition}` },
      { weight: 2, arbitrary: say`${condition} or ${condition}` },
      { weight: 1, arbitrary: say`NOT ${predicate}` },
      { weight: 1, arbitrary: say`(${condition})` },
    ),
  }
}).condition
