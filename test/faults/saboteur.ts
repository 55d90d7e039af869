/**
 * Runs the suite with one mechanism taken out of the code: `node test/faults/saboteur.ts NAME`. The code is changed on its way from disk into this process, so it is
 * the real code otherwise. Prints what came of it as one line of JSON.
 */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { SABOTAGES, type Sabotage } from './sabotages.ts'

const ROOT = path.join(import.meta.dirname, '../..')

/** The text with its one snippet replaced. Throws where it is not there exactly once: the switch has lost its mechanism. */
export const sabotaged = ({ name, file, find, replace }: Sabotage, text: string): string => {
  const count = text.split(find).length - 1
  if (count !== 1) throw new Error(`${name}: the snippet is ${count} times in ${file}`)
  return text.replace(find, () => replace)
}

/** From here on this file is loaded as the sabotage wants it. */
const install = (sabotage: Sabotage): void => {
  const url = pathToFileURL(path.join(ROOT, sabotage.file)).href
  registerHooks({
    load: (at, context, next) => {
      const loaded = next(at, context)
      if (at !== url) return loaded
      const source = sabotaged(
        sabotage,
        typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString('utf8'),
      )
      return { ...loaded, source }
    },
  })
}

const main = async (name: string): Promise<void> => {
  const sabotage = SABOTAGES.find((one) => one.name === name)
  if (!sabotage) throw new Error(`there is no sabotage ${name}`)
  sabotaged(sabotage, readFileSync(path.join(ROOT, sabotage.file), 'utf8'))
  install(sabotage)
  const { findRed } = await import('./find-red.ts')
  process.stdout.write(`${JSON.stringify(await findRed())}\n`)
}

if (process.argv[1] === import.meta.filename) await main(process.argv[2] ?? '')
