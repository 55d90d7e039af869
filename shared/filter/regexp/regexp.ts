/**
 * Does a text fit a regular expression? In RE2's syntax and with RE2's meaning: re2js decides what is a pattern, and its time grows with the text, whatever the pattern.
 * The platform's own engine is some ten times as fast but can lose its way for years; it runs only what safe.ts proves that it cannot, from a source that is made of the tree, and only short texts.
 * Bytes that are no UTF-8 are seen as U+FFFD by both.
 */
import { RE2JS, RE2JSSyntaxException } from 're2js'
import { LIMITS } from '../../base/limits.ts'
import { nativeRegExp } from './native.ts'
import { type Flags, readPattern } from './read.ts'
import { cutEdges, isSafe } from './safe.ts'

export interface Options extends Flags {
  /** The pattern is a text to be found, not a pattern. */
  readonly isLiteral: boolean
}

/** Why a pattern is none, and the part of it that is at fault. */
export interface PatternMistake {
  readonly reason: string
  readonly part: string
}

const flagsOf = ({ fold, dotAll }: Options): number => (fold ? RE2JS.CASE_INSENSITIVE : 0) | (dotAll ? RE2JS.DOTALL : 0)

/** The pattern in re2js, or what is wrong with it. */
export const compilePattern = (pattern: string, options: Options): RE2JS | PatternMistake => {
  try {
    return RE2JS.compile(options.isLiteral ? RE2JS.quote(pattern) : pattern, flagsOf(options))
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return { reason: error.getDescription(), part: error.getPattern() ?? '' }
    throw error
  }
}

/** The same pattern in the platform's engine, or null if only re2js may run it. */
export const nativePattern = (pattern: string, options: Options): RegExp | null => {
  const tree = options.isLiteral ? null : readPattern(pattern, options)
  const cut = tree && cutEdges(tree)
  return cut && isSafe(cut) ? nativeRegExp(cut) : null
}

/** A test for any part of a text, or for the whole of it. */
export const testerOf = (compiled: RE2JS, native: RegExp | null): ((text: string) => boolean) =>
  native ? (text) => (text.length <= LIMITS.nativeRegexpCharsMax ? native.test(text) : compiled.test(text)) : (text) => compiled.test(text)
