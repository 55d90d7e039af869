/**
 * What are the columns called? Every column gets a name that is not empty and that no other column has, because filters and profiles speak of columns by name.
 * A name that stands in the header keeps its first bearer; only repetitions and gaps are named by us.
 */

/** Names and the sentences about what was renamed. */
export interface ColumnNames {
  /** Unique and never empty, in the order of the file. */
  readonly names: readonly string[]
  readonly notes: readonly string[]
}

/** How much of a name a note quotes, and how many notes are written out. */
const NOTE_NAME_CHARS_MAX = 60
const NOTES_MAX = 20

/**
 * Names for the fields of a header record. A repeated name gets the first free of `_1`, `_2`, …; an empty one becomes `columnN` by its position from 1.
 * Whitespace is part of a name, and names that differ only in case are different.
 */
export const columnNames = (fields: readonly string[]): ColumnNames => {
  const taken = new Set(fields)
  const seen = new Set<string>()
  const nextSuffix = new Map<string, number>()
  const notes: string[] = []
  const names = fields.map((field, index) => {
    const wanted = field === '' ? `column${index + 1}` : field
    const isFree = field === '' ? !taken.has(wanted) : !seen.has(field)
    const name = isFree ? wanted : bumped(wanted, taken, nextSuffix)
    seen.add(name)
    taken.add(name)
    if (name !== field) notes.push(noteOf(field, name, index + 1))
    return name
  })
  return { names, notes: summed(notes) }
}

/** Names for a file without a header: column1, column2, … */
export const numberedColumns = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `column${index + 1}`)

/** A name that is none of `taken`: this one, or with the first free of `_1`, `_2`, … behind it. */
export const freeName = (wanted: string, taken: ReadonlySet<string>): string =>
  taken.has(wanted) ? bumped(wanted, taken, new Map()) : wanted

/** The numbers that a name has used up are remembered, so that a thousand equal names take a thousand steps and not a million. */
const bumped = (wanted: string, taken: ReadonlySet<string>, nextSuffix: Map<string, number>): string => {
  let suffix = nextSuffix.get(wanted) ?? 1
  while (taken.has(`${wanted}_${suffix}`)) suffix++
  nextSuffix.set(wanted, suffix + 1)
  return `${wanted}_${suffix}`
}

const shown = (name: string): string => JSON.stringify(name.length > NOTE_NAME_CHARS_MAX ? `${name.slice(0, NOTE_NAME_CHARS_MAX)}…` : name)

const noteOf = (field: string, name: string, position: number): string =>
  field === ''
    ? `Column ${position} has no name and is called ${shown(name)}.`
    : `Column ${position} repeats the name ${shown(field)} and is called ${shown(name)}.`

const summed = (notes: readonly string[]): readonly string[] =>
  notes.length <= NOTES_MAX
    ? notes
    : [...notes.slice(0, NOTES_MAX), `${notes.length - NOTES_MAX} more columns were renamed in the same way.`]
