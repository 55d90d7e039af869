/** A service whose chunks have another size: the committed configuration of the processor with CHUNK_BYTES set, in a folder of its own. Wrangler takes settings on its command line for the first worker only. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { assert } from '../../shared/base/assert.ts'
import { ROOT } from './places.mjs'

const replaced = (text: string, found: string, replacement: string): string => {
  assert(text.split(found).length === 2, `the configuration has exactly one ${found}`)
  return text.replace(found, replacement)
}

/** Writes it under `folder`; the configurations of both workers, as the emulator is started with them. */
export const chunkedConfigs = (folder: string, chunkBytes: number): string[] => {
  const at = path.join(folder, 'config')
  mkdirSync(at, { recursive: true })
  const committed = readFileSync(path.join(ROOT, 'wrangler.processor.toml'), 'utf8')
  const sized = replaced(committed, 'CHUNK_BYTES = ""', `CHUNK_BYTES = "${chunkBytes}"`)
  const config = path.join(at, 'wrangler.processor.toml')
  writeFileSync(config, replaced(sized, 'main = "', `main = "${ROOT}/`))
  // Local secrets are looked for beside the configuration.
  copyFileSync(path.join(ROOT, '.dev.vars'), path.join(at, '.dev.vars'))
  return [path.join(ROOT, 'wrangler.api.toml'), config]
}
