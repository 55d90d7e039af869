/**
 * `--columns` as it is typed: names between commas, each with another name behind `=` if it is to have one. Blanks around a name do not count.
 * A name that holds a comma, an equals sign, a quote or blanks at its ends stands in double quotes, a quote in it doubled: `id,"last, first"=name`.
 */
import { UsageError } from './command.ts'

export interface TypedColumn {
  readonly name: string
  readonly as: string | null
}

const refused = (option: string, list: string, why: string): UsageError =>
  new UsageError(`--${option} takes names like id,age=years,"last, first": ${why} in '${list}'.`)

/** A name (quoted or bare) with what surrounds it, then what ends it. */
const NAME = /\s*(?:"((?:[^"]|"")*)"|([^",=]*))\s*(,|=|$)/y

/** The columns that are named, in order. Throws UsageError. */
export const columnList = (option: string, list: string): readonly TypedColumn[] => {
  const columns: TypedColumn[] = []
  let name: string | null = null
  let end = ''
  NAME.lastIndex = 0
  do {
    const found = NAME.exec(list)
    if (!found) throw refused(option, list, 'a quote is not where it can be')
    const word: string = found[1]?.replaceAll('""', '"') ?? found[2]!.trim()
    if (word === '') throw refused(option, list, 'a name is missing')
    end = found[3]!
    if (end === '=' && name !== null) throw refused(option, list, 'a column has two new names')
    if (end === '=') name = word
    else {
      columns.push(name === null ? { name: word, as: null } : { name, as: word })
      name = null
    }
  } while (end !== '')
  return columns
}
