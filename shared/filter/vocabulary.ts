/**
 * Which words belong to the language? A word can still be the name of a column where nothing else can stand; the reserved ones need double quotes for that.
 */
import type { CastType, Comparison } from './ast.ts'

/** Words that never name a column without double quotes. */
export const RESERVED: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT', 'IS', 'NULL', 'TRUE', 'FALSE', 'IN', 'BETWEEN', 'LIKE', 'ILIKE'])

/** Further words with a meaning somewhere: the printer quotes columns of these names. */
const MEANINGFUL = 'ESCAPE DISTINCT FROM CAST TRY_CAST AS DATE TIMESTAMP REGEXP CASE WHEN THEN ELSE END WHERE SELECT'.split(' ')

const ALL: ReadonlySet<string> = new Set([...RESERVED, ...MEANINGFUL])

/** The words of the language, for whoever completes what is typed. */
export const WORDS: readonly string[] = [...ALL].filter((word) => word !== 'WHERE' && word !== 'SELECT')

/** True if the word, in any case, has a meaning of its own. */
export const isVocabulary = (word: string): boolean => ALL.has(word.toUpperCase())

/** Words that can follow an operand: candidates for a misspelt one. */
export const AFTER_OPERAND: readonly string[] = ['AND', 'OR', 'IS', 'NOT', 'IN', 'BETWEEN', 'LIKE', 'ILIKE', 'REGEXP']

/** The signs that compare, and the one that each is printed as. */
export const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '==': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

/** The names of types in a CAST, and the one name that each is printed as. */
export const CAST_TYPES: Readonly<Record<string, CastType>> = {
  DOUBLE: 'DOUBLE',
  FLOAT: 'DOUBLE',
  NUMERIC: 'DOUBLE',
  NUMBER: 'DOUBLE',
  VARCHAR: 'VARCHAR',
  TEXT: 'VARCHAR',
  STRING: 'VARCHAR',
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMP',
  BOOLEAN: 'BOOLEAN',
  BOOL: 'BOOLEAN',
}

/** Types of databases that the language does not have, and the one that is probably meant. */
export const FOREIGN_TYPES: Readonly<Record<string, CastType>> = {
  INT: 'DOUBLE',
  INTEGER: 'DOUBLE',
  BIGINT: 'DOUBLE',
  SMALLINT: 'DOUBLE',
  REAL: 'DOUBLE',
  DECIMAL: 'DOUBLE',
  CHAR: 'VARCHAR',
  DATETIME: 'TIMESTAMP',
  TIMESTAMPTZ: 'TIMESTAMP',
}
