/** What does a cell look like? A rough guess for telling dialects and headers apart; the profile's types are stricter and are not this. */

export type CellKind = 'empty' | 'null' | 'number' | 'date' | 'time' | 'email' | 'url' | 'plain' | 'other'

/** In the order in which they are tried. `plain`: text without anything that might be a delimiter or a quote. */
const KINDS: readonly (readonly [CellKind, RegExp])[] = [
  ['empty', /^\s*$/],
  ['null', /^\\N$/],
  ['number', /^(?=.*\d)\s*[-+]?[$€£]?(?:\d{1,3}(?:[,.' ]\d{3})+|\d+)?(?:(?<=\d)[.,]|[.,]\d+)?(?:(?<=[\d.,])e[-+]?\d+)?\s?%?\s*$/i],
  ['date', /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:\d{2}[\d:.]*\s?(?:[ap]m|Z|[-+]\d\d:?\d\d)?)?$/i],
  ['time', /^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/],
  ['email', /^[^\s@,;|"]+@[^\s@,;|"]+\.[^\s@,;|"]+$/],
  ['url', /^https?:\/\/\S+$/i],
  ['plain', /^[^,;\t|"]*$/],
]

/** Longer cells are text, whatever they look like. */
const CELL_CHARS_MAX = 200

export const cellKind = (cell: string): CellKind =>
  cell.length > CELL_CHARS_MAX ? 'other' : (KINDS.find(([, pattern]) => pattern.test(cell))?.[0] ?? 'other')

/** A kind that a column's name hardly ever has. */
export const isTelling = (kind: CellKind): boolean => kind !== 'empty' && kind !== 'plain' && kind !== 'other'
