/** Which list? A path on this machine, a file that the service has already, stdin, or the sample. Paths are those of the folder the command was called in. */
import { statSync } from 'node:fs'
import path from 'node:path'
import { isId } from '../../shared/base/ids.ts'
import { UsageError } from './command.ts'

export type Source =
  | { readonly kind: 'path'; readonly path: string; readonly name: string; readonly bytes: number }
  /** Already with the service. */
  | { readonly kind: 'file'; readonly id: string }
  | { readonly kind: 'sample' }
  /** Whatever comes in. */
  | { readonly kind: 'stdin' }

/** The folder of the caller: npm runs scripts in the checkout and keeps the caller's in INIT_CWD. */
export const callerFolder = (): string => process.env.INIT_CWD || process.cwd()

const localFile = (word: string, folder: string): Source => {
  const file = path.resolve(folder, word)
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) throw new UsageError(`There is no file ${word} (in ${folder}).`)
  if (!found.isFile()) throw new UsageError(`${word} is not a file.`)
  return { kind: 'path', path: file, name: path.basename(file), bytes: found.size }
}

/** What the first word of a command names. Throws UsageError. */
export const sourceFrom = (words: readonly string[], folder: string): Source => {
  const [word, ...more] = words
  if (word === undefined) return { kind: 'sample' }
  if (more.length > 0) throw new UsageError(`One file at a time: ${words.join(', ')}. (A clause goes in quotes after --where.)`)
  if (word === '-') return { kind: 'stdin' }
  return isId('file', word) ? { kind: 'file', id: word } : localFile(word, folder)
}
