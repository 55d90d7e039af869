/** Which truth value do these bytes write? TRY_CAST(… AS BOOLEAN) of DuckDB 1.5.6: six words in any case, nothing around them. */
import { startsWithWord } from './ascii.ts'

const WORDS: readonly (readonly [word: string, value: boolean])[] = [
  ['true', true],
  ['t', true],
  ['yes', true],
  ['y', true],
  ['1', true],
  ['false', false],
  ['f', false],
  ['no', false],
  ['n', false],
  ['0', false],
]

/** True or false as written; null if it is neither. */
export const castBoolean = (bytes: Uint8Array): boolean | null => {
  for (const [word, value] of WORDS) if (bytes.length === word.length && startsWithWord(bytes, 0, word)) return value
  return null
}
