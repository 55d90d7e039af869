/** The README is true: its examples are run as they stand, and what they print is what it shows. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, newPlace, ROOT } from '../support/cli.ts'

const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8')
const run = promisify(execFile)

const place = newPlace('readme')
const { folder, state } = place
// Set-up has time of its own: the first example would else have to bring a database up too.
beforeAll(async () => {
  mkdirSync(state, { recursive: true })
  expect(await place.run('setup.mjs').ended).toMatchObject({ code: 0 })
}, 120_000)
afterAll(async () => {
  // The last command's service lingers for a moment, and still writes.
  await eventually(place.processes, (left) => left.length === 0)
  place.remove()
})

/** Command and what it shows, in order. */
const steps = [...README.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  block!
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [command, ...shown] = step.split('\n')
      return [command!, shown.join('\n')] as const
    }),
)

/** What differs from run to run: ids, the kernel's hash, times, speeds, and the lines that tell how the work goes on. */
const steady = (text: string): string =>
  text
    .replaceAll(`${folder}/`, '')
    .replace(/\b(file|job)_[0-9a-z]{26}\b/g, '$1_…')
    .replace(/\bengine [\d.]+\+\w+/g, 'engine …')
    .replace(/\d[\d.]* s\b/g, '… s')
    .replace(/\d[\d.]* MB\/s/g, '… MB/s')
    .split('\n')
    .filter((line) => !/^(set-up: |reaching |uploading |downloading |analysing|filter |count |file file_)/.test(line))
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()

describe('the README', () => {
  it('has examples', () => {
    expect(steps.length).toBeGreaterThanOrEqual(7)
  })

  it.each(steps)('%s', async (command, shown) => {
    const env = { ...process.env, LIST_CUTTER_STATE: state, INIT_CWD: folder }
    const npm = command.replace(/\bnpm run /, `npm --prefix "${ROOT}" run `)
    const { stdout, stderr } = await run('bash', ['-c', `${npm} 2>&1`], { cwd: folder, env }).catch((failed) => failed)
    expect(steady(`${stdout}${stderr}`)).toBe(steady(shown))
  })

  it('names only files that are there', () => {
    const named = [...README.matchAll(/\]\(([\w./-]+)\)/g)].map(([, name]) => name!)
    expect(named.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([])
  })

  it('names only commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
    const named = [...README.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map(([, name]) => name!)
    expect(named.filter((name) => !scripts[name])).toEqual([])
  })
})
