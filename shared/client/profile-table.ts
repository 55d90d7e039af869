/**
 * How does a profile look in a terminal? Facts of the file first, then a row per column, then what looks off.
 * The table gives way in width, never in lines: long values end in …, the frequent values take what is left, and where it is narrow whole columns go.
 */
import type { ColumnProfile, InputWarning, Profile } from '../csv/profile/view.ts'
import { type Align, cutText, padText, safeText, textWidth } from './terminal-text.ts'

/** A column of the table: its title, on which side it stands (null: numbers right, texts left), how wide it may get, and what it shows. */
interface Heading {
  readonly title: string
  readonly align: Align | null
  readonly widthMax: number
  /** Left out where there is no room: the lower first. 0: never. */
  readonly need: number
  readonly cell: (column: ColumnProfile, rows: number) => string
}

const GAP = '  '
/** The frequent values have at least this room, or they are not shown. */
const TOP_WIDTH_MIN = 16
/** One character a bar, by its share of the highest. */
const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const TOP_VALUE_WIDTH = 20
/** More frequent values than this no one reads in a row. */
const TOP_SHOWN = 5
const KEYS_SHOWN = 5

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

/** A quantile as it is known: no more digits than its error leaves. */
const median = ({ quantiles }: ColumnProfile): string => {
  if (!quantiles) return ''
  const { p50, error } = quantiles
  if (error === 0) return end(p50)
  return `~${typeof p50 === 'number' ? Number(p50.toPrecision(3)) : end(p50)}`
}

/** The histogram in a line: a blank where no value is. */
const spread = ({ histogram }: ColumnProfile): string => {
  const most = Math.max(...(histogram?.counts ?? []))
  return (histogram?.counts ?? []).map((count) => (count === 0 ? ' ' : BARS[Math.ceil((count / most) * BARS.length) - 1]!)).join('')
}

const HEADINGS: readonly Heading[] = [
  { title: 'column', align: 'left', widthMax: 28, need: 0, cell: ({ name }) => safeText(name) },
  { title: 'type', align: 'left', widthMax: 9, need: 0, cell: ({ type }) => type },
  { title: 'nulls', align: 'right', widthMax: 7, need: 0, cell: ({ nulls }, rows) => percent(nulls, rows) },
  { title: 'distinct', align: 'right', widthMax: 14, need: 0, cell: distinct },
  { title: 'min', align: null, widthMax: 20, need: 0, cell: ({ min }) => end(min) },
  { title: 'median', align: null, widthMax: 20, need: 4, cell: median },
  { title: 'max', align: null, widthMax: 20, need: 0, cell: ({ max }) => end(max) },
  { title: 'mean', align: 'right', widthMax: 12, need: 3, cell: ({ mean }) => (mean === null ? '' : number(mean)) },
  { title: 'spread', align: 'left', widthMax: 20, need: 2, cell: spread },
  { title: 'top values', align: 'left', widthMax: Number.POSITIVE_INFINITY, need: 1, cell: top },
]

/** Names of the bytes that do not show. */
const SEPARATORS: Readonly<Record<string, string>> = { '\t': 'tab', ' ': 'space' }
const LINE_ENDS = { '\n': 'LF', '\r\n': 'CR LF', '\r': 'CR' } as const

/** ` from utf-16le in gzip` */
const sourceOf = ({ decoded_from: from }: Profile['dialect']): string => {
  const names = [from?.encoding, from?.gzip ? 'gzip' : null].filter((name) => name)
  return names.length === 0 ? '' : ` from ${safeText(names.join(' in '))}`
}

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
    `${dialect.encoding}${dialect.bom ? ' with BOM' : ''}${sourceOf(dialect)}`,
  ].join(' · '),
]

/** What each heading's column needs for its cells, within its bound. */
const neededWidths = (cells: readonly (readonly string[])[]): number[] =>
  HEADINGS.map(({ title, widthMax }, h) => Math.min(widthMax, Math.max(textWidth(title), ...cells.map((row) => textWidth(row[h]!)))))

const TOP = HEADINGS.length - 1

/** The headings that fit into `width`, by their number and how wide they are; the frequent values take what is left. */
const fitting = (cells: readonly (readonly string[])[], width: number): { readonly h: number; readonly width: number }[] => {
  const needed = neededWidths(cells)
  const widthOf = (h: number) => (h === TOP ? Math.min(needed[h]!, TOP_WIDTH_MIN) : needed[h]!)
  let shown = HEADINGS.map((_, h) => h)
  const total = () => shown.reduce((sum, h) => sum + widthOf(h) + GAP.length, -GAP.length)
  const leaving = shown.filter((h) => HEADINGS[h]!.need > 0).sort((a, b) => HEADINGS[a]!.need - HEADINGS[b]!.need)
  for (const least of leaving) if (total() > width) shown = shown.filter((h) => h !== least)
  const left = width - total()
  return shown.map((h) => ({ h, width: h === TOP ? Math.min(needed[h]!, widthOf(h) + left) : needed[h]! }))
}

const table = ({ columns, rows }: Profile, width: number): string[] => {
  const cells = columns.map((column) => HEADINGS.map(({ cell }) => cell(column, rows)))
  const shown = fitting(cells, width)
  /** One row; `free` is the side of cells whose heading leaves it open. */
  const line = (row: readonly string[], free: Align): string => {
    const padded = shown.map(({ h, width: wide }) => padText(cutText(row[h]!, wide), wide, HEADINGS[h]!.align ?? free))
    return cutText(padded.join(GAP).trimEnd(), width)
  }
  const titles = HEADINGS.map(({ title }) => title)
  const rule = shown.map((one) => '─'.repeat(one.width)).join(GAP)
  const rowLines = columns.map(({ min }, c) => line(cells[c]!, typeof min === 'number' ? 'right' : 'left'))
  return [line(titles, 'left'), cutText(rule, width), ...rowLines]
}

/** Columns that tell rows apart, in one sentence. */
const keys = ({ candidate_keys }: Profile, width: number): string[] => {
  if (candidate_keys.length === 0) return []
  const names = candidate_keys.slice(0, KEYS_SHOWN).map(({ name, exact }) => safeText(name) + (exact ? '' : ' (probably)'))
  const more = candidate_keys.length - names.length
  return ['', ...wrapped(`Different in every row: ${names.join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}`, width)]
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

const inputWarning = ({ code, count, first: { record, line, byte_offset } }: InputWarning): string => {
  const place =
    record === undefined || line === undefined ? `at byte ${grouped(byte_offset)}` : `in record ${grouped(record)}, line ${grouped(line)}`
  return `${code}: ${grouped(count)}, first ${place}`
}

const warnings = ({ columns, warnings: met }: Profile, width: number): string[] => {
  const ofColumns = columns.flatMap(({ name, warnings: sentences }) => sentences.map((sentence) => `${name}: ${sentence}`))
  const told = [...met.map(inputWarning), ...ofColumns].flatMap((sentence) => wrapped(safeText(sentence), width))
  return told.length === 0 ? [] : ['', 'Warnings', ...told]
}

/** The profile as lines of plain text, none wider than `width` columns, ending with a line end. Nothing in it controls a terminal. */
export const profileTable = (profile: Profile, width: number): string => {
  const heads = facts(profile).flatMap((fact) => wrapped(fact, width))
  return `${[...heads, '', ...table(profile, width), ...keys(profile, width), ...warnings(profile, width)].join('\n')}\n`
}
