/** What does a row of the table of functions hold, and how is its signature read? */
import type { Hints } from './clause.ts'
import type { Type, Value } from './expr.ts'

export type LiteralType = 'integer' | 'pattern' | 'options' | 'unit'
export type ParamType = Exclude<Type, 'null'> | 'any' | LiteralType

export interface Param {
  readonly name: string
  readonly type: ParamType
  readonly isOptional: boolean
}

/** What a function is prepared with, once for a clause. */
export interface Given {
  /** The common type of the arguments of any type. */
  readonly of: Type
  /** The literal of an `integer` parameter; undefined if it was left out. */
  readonly integer: (param: string) => number | undefined
  /** The literal of any other such parameter; undefined if it was left out. */
  readonly text: (param: string) => string | undefined
  /** Refuses a literal. `at` and `length` say where in its value, else it is the whole. */
  readonly refuse: (param: string, sentence: string, hints?: Hints, at?: number, length?: number) => never
}

export interface FilterFunction {
  readonly name: string
  /** Other names for the same. */
  readonly aliases: readonly string[]
  readonly signature: string
  readonly params: readonly Param[]
  /** The last parameter may come again and again. */
  readonly isVariadic: boolean
  readonly result: Exclude<Type, 'null'> | 'any'
  /** One sentence. */
  readonly means: string
  /** A clause that is TRUE. */
  readonly example: string
  /** False: if an argument is NULL, so is the result, and nothing is computed. */
  readonly takesNull: boolean
  /** Where the oracle answers otherwise. */
  readonly unlike?: string
  /** Makes what is called for each record, with the values of the parameters that are no literals; absent ones are not passed. */
  readonly bind: (given: Given) => (...values: Value[]) => Value
}

const LITERALS: ReadonlySet<string> = new Set<LiteralType>(['integer', 'pattern', 'options', 'unit'])

/** True for what must be written out. */
export const isLiteral = (type: ParamType): type is LiteralType => LITERALS.has(type)

const SIGNATURE = /^(\w+)\((.*)\): (\w+)$/
const PARAM = /^(\.\.\.)?(\w+)(\?)?(?:: (\w+))?$/

const readParam = (text: string): Param => {
  const [, , name = '', optional, type = name] = PARAM.exec(text)!
  return { name, type: type as ParamType, isOptional: optional !== undefined }
}

export const readSignature = (signature: string): Pick<FilterFunction, 'name' | 'params' | 'isVariadic' | 'result'> => {
  const [, name = '', list = '', result] = SIGNATURE.exec(signature)!
  return { name, params: list.split(', ').map(readParam), isVariadic: list.includes('...'), result: result as FilterFunction['result'] }
}
