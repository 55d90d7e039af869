/** How does the platform's RegExp write a pattern? From the tree alone, so that none of its own notions of `.`, `\s` or case gets in. */
import type { Pattern, Place, Range } from './tree.ts'

const PLACES: Readonly<Record<Place, string>> = { start: '^', end: '$', 'word-border': '\\b' }

const point = (code: number): string => `\\u{${code.toString(16)}}`

const range = ([first, last]: Range): string => (first === last ? point(first) : `${point(first)}-${point(last)}`)

const count = (min: number, max: number): string => (max === Number.POSITIVE_INFINITY ? `{${min},}` : `{${min},${max}}`)

const sourceOf = (pattern: Pattern): string => {
  if (pattern.kind === 'place') return PLACES[pattern.place]
  if (pattern.kind === 'repeat') return `(?:${sourceOf(pattern.item)})${count(pattern.min, pattern.max)}`
  if (pattern.kind === 'row') return pattern.items.map(sourceOf).join('')
  if (pattern.kind === 'choice') return `(?:${pattern.items.map(sourceOf).join('|')})`
  const [first, ...further] = pattern.set
  return first && further.length === 0 && first[0] === first[1] ? point(first[0]) : `[${pattern.set.map(range).join('')}]`
}

/** Without flags that change a meaning: `^` and `$` are the ends of the text, \b knows ASCII. */
export const nativeRegExp = (pattern: Pattern): RegExp => new RegExp(sourceOf(pattern), 'u')
