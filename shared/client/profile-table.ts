/**
 * How does a profile look in a terminal? Facts of the file first, then a row per column, then what looks off.
 * The table gives way in width, never in lines: long values end in …, and the frequent values take what is left.
 */
import type { ColumnProfile, Profile } from '../csv/profile/view.ts'
import { type Align, cutText, padText, safeText, textWidth } from './terminal-text.ts'

/** A column of the table: its title, on which side it stands (null: numbers right, texts left), how wide it may get, and what it shows. */
interface Heading {
  readonly title: string
  readonly align: Align | null
  readonly widthMax: number
  readonly cell: (column: ColumnProfile, rows: number) => string
}

const GAP = '  '
/** The frequent values have at least this room, or they are not shown. */
const TOP_WIDTH_MIN = 16
const TOP_VALUE_WIDTH = 20
/** More frequent values than this no one reads in a row. */
const TOP_SHOWN = 5

/** A whole number in groups of three: 1,234,567. */
const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** A number in at most eight significant digits where it has a fraction; whole numbers in full. */
const number = (value: number): string => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(8))))

const end = (value: number | string | null): string => (value === null ? '' : typeof value === 'number' ? String(value) : safeText(value))

/** A share in percent: none is 0 %, a few are never shown as none, and nearly all never as all. */
const percent = (part: number, whole: number): string => {
  if (part === 0 || whole === 0) return '0 %'
  const tenths = Math.round((part / whole) * 1_000)
  if (tenths === 0) return '<0.1 %'
  if (tenths === 1_000 && part < whole) return '>99.9 %'
  return `${tenths / 10} %`
}

const distinct = ({ distinct: { value, exact } }: ColumnProfile): string => (exact ? '' : '~') + grouped(value)

/** Values that occur once are no frequent values. Counts that are only a lower bound say so. */
const top = ({ frequent }: ColumnProfile): string =>
  frequent
    .filter(({ count }) => count > 1)
    .slice(0, TOP_SHOWN)
    .map(({ value, count, error }) => `${cutText(safeText(value), TOP_VALUE_WIDTH)} (${error > 0 ? '≥' : ''}${grouped(count)})`)
    .join(', ')

const HEADINGS: readonly Heading[] = [
  { title: 'column', align: 'left', widthMax: 28, cell: ({ name }) => safeText(name) },
  { title: 'type', align: 'left', widthMax: 9, cell: ({ type }) => type },
  { title: 'nulls', align: 'right', widthMax: 7, cell: ({ nulls }, rows) => percent(nulls, rows) },
  { title: 'distinct', align: 'right', widthMax: 14, cell: distinct },
  { title: 'min', align: null, widthMax: 20, cell: ({ min }) => end(min) },
  { title: 'max', align: null, widthMax: 20, cell: ({ max }) => end(max) },
  { title: 'mean', align: 'right', widthMax: 12, cell: ({ mean }) => (mean === null ? '' : number(mean)) },
  { title: 'top values', align: 'left', widthMax: Number.POSITIVE_INFINITY, cell: top },
]

/** Names of the bytes that do not show. */
const SEPARATORS: Readonly<Record<string, string>> = { '\t': 'tab', ' ': 'space' }
const LINE_ENDS = { '\n': 'LF', '\r\n': 'CR LF', '\r': 'CR' } as const

const facts = ({ rows, columns, blank_lines, ragged, dialect }: Profile): string[] => [
  [
    `${grouped(rows)} rows`,
    `${grouped(columns.length)} columns`,
    `${grouped(blank_lines)} blank lines`,
    `${grouped(ragged.short)} rows too short`,
    `${grouped(ragged.long)} too long`,
  ].join(' · '),
  [
    `delimiter ${SEPARATORS[dialect.delimiter] ?? safeText(dialect.delimiter)}`,
    `quote ${dialect.quote === null ? 'none' : safeText(dialect.quote)}`,
    `lines end with ${LINE_ENDS[dialect.line_end]}`,
    dialect.header ? 'with a header' : 'without a header',
    `${dialect.encoding}${dialect.bom ? ' with BOM' : ''}`,
  ].join(' · '),
]

/** The width of each heading's column: what its cells need, within its bound; the last one gets what is left of `width`. */
const widths = (cells: readonly (readonly string[])[], width: number): number[] => {
  const needed = HEADINGS.map(({ title, widthMax }, h) =>
    Math.min(widthMax, Math.max(textWidth(title), ...cells.map((row) => textWidth(row[h]!)))),
  )
  const before = needed.slice(0, -1).reduce((sum, one) => sum + one + GAP.length, 0)
  const left = width - before
  return [...needed.slice(0, -1), left < TOP_WIDTH_MIN ? 0 : Math.min(left, needed.at(-1)!)]
}

/** One row of the table; `free` is the side of cells whose heading leaves it open. */
const line = (cells: readonly string[], columnWidths: readonly number[], width: number, free: Align): string => {
  const padded = cells.map((cell, h) => padText(cutText(cell, columnWidths[h]!), columnWidths[h]!, HEADINGS[h]!.align ?? free))
  return cutText(padded.join(GAP).trimEnd(), width)
}

const table = ({ columns, rows }: Profile, width: number): string[] => {
  const cells = columns.map((column) => HEADINGS.map(({ cell }) => cell(column, rows)))
  const columnWidths = widths(cells, width)
  const titles = HEADINGS.map(({ title }) => title)
  const rule = columnWidths.map((one) => '─'.repeat(one)).join(GAP)
  const rowLines = columns.map(({ min }, c) => line(cells[c]!, columnWidths, width, typeof min === 'number' ? 'right' : 'left'))
  return [line(titles, columnWidths, width, 'left'), cutText(rule.trimEnd(), width), ...rowLines]
}

/** Words of a text in lines of at most `width` columns, the later ones indented. */
const wrapped = (text: string, width: number): string[] => {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(cutText(last === undefined ? word : `  ${word}`, width))
  }
  return lines
}

const warnings = ({ columns }: Profile, width: number): string[] => {
  const told = columns.flatMap(({ name, warnings: sentences }) =>
    sentences.flatMap((sentence) => wrapped(safeText(`${name}: ${sentence}`), width)),
  )
  return told.length === 0 ? [] : ['', 'Warnings', ...told]
}

/** The profile as lines of plain text, none wider than `width` columns, ending with a line end. Nothing in it controls a terminal. */
export const profileTable = (profile: Profile, width: number): string => {
  const heads = facts(profile).flatMap((fact) => wrapped(fact, width))
  return `${[...heads, '', ...table(profile, width), ...warnings(profile, width)].join('\n')}\n`
}
