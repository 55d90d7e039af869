/** Which unit of time does a literal name? One of ours, in the singular or plural and in any case. */
import { nearest } from '../nearest.ts'
import type { Given } from '../signature.ts'
import { UNITS } from './date.ts'

const NAMES = Object.keys(UNITS)

export const unitOf = ({ text, refuse }: Given) => {
  const written = text('unit')!
  const wanted = written.toLowerCase()
  const name = NAMES.find((known) => known === wanted || `${known}s` === wanted)
  if (name) return UNITS[name]!
  const near = nearest(written, NAMES)
  const sentence = `A unit is one of ${NAMES.slice(0, -1).join(', ')} and ${NAMES.at(-1)}.`
  return refuse('unit', sentence, { found: `'${written}'`, expected: 'a unit of time', ...(near ? { suggestion: `'${near}'` } : {}) })
}
