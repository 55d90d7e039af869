/** Where does what failed go? Into a folder of its own: the case, both answers, and the command that shows it again. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { FailedCase } from './loop.ts'
import { json } from './target.ts'

/** The command that runs this case again. */
export const reproCommand = ({ target, seed }: FailedCase): string => `npm run fuzz -- --only ${target.name} --seed ${seed} --cases 1`

const shown = (value: unknown): string => (typeof value === 'string' ? value : `${json(value)}\n`)

/** Keeps a failed case below `folder`; returns where. */
export const keepFailure = (folder: string, failed: FailedCase): string => {
  const { target, seed, failure, original, smallest } = failed
  const at = path.join(folder, `${target.name}-${seed}`)
  const put = (name: string, content: string | Uint8Array): void => writeFileSync(path.join(at, name), content)
  mkdirSync(path.join(at, 'original'), { recursive: true })
  put('repro.txt', `${reproCommand(failed)}\n\n${failure.what}\n`)
  put('expected.txt', shown(failure.expected))
  put('actual.txt', shown(failure.actual))
  if (smallest !== null) for (const [name, content] of Object.entries(target.files(smallest))) put(name, content)
  if (original !== null) for (const [name, content] of Object.entries(target.files(original))) put(path.join('original', name), content)
  return at
}
