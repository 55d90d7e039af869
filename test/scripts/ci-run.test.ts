import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

/** Runs .ci/run with an `npm` that says and ends as told: a line of shell for each script. */
const ciRun = (scripts: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ci-'))
  mkdirSync(path.join(folder, '.ci'))
  copyFileSync(path.join(import.meta.dirname, '../../.ci/run'), path.join(folder, '.ci/run'))
  const cases = Object.entries(scripts).map(([name, line]) => `${name}) ${line} ;;`)
  writeFileSync(path.join(folder, 'npm'), `#!/bin/sh\ncase "$2" in\n${cases.join('\n')}\nesac\n`)
  chmodSync(path.join(folder, 'npm'), 0o755)
  const { status, stdout } = spawnSync('bash', ['.ci/run'], {
    cwd: folder,
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
    encoding: 'utf8',
  })
  return { status, last: stdout.trimEnd().split('\n').at(-1) }
}

const good = {
  test: 'echo "10 passed, 0 failed"',
  'test:corpora': 'echo "5 passed, 0 failed"',
  'test:lifecycle': 'echo "2 passed, 0 failed"',
  proof: 'echo "7 passed, 0 failed"',
  check: 'true',
}

describe('.ci/run', () => {
  it.each([
    ['everything passes', good, 0, '25 passed, 0 failed'],
    ['a test fails', { ...good, test: 'echo "9 passed, 1 failed"; exit 1' }, 1, '24 passed, 1 failed'],
    ['a corpus fails', { ...good, 'test:corpora': 'echo "2 passed, 3 failed"; exit 1' }, 1, '22 passed, 3 failed'],
    ['the proof fails', { ...good, proof: 'echo "5 passed, 2 failed"; exit 1' }, 1, '23 passed, 2 failed'],
    ['the checks fail', { ...good, check: 'false' }, 1, '24 passed, 1 failed'],
    ['a run ends without a tally', { ...good, test: 'echo "Segmentation fault"; exit 139' }, 1, '15 passed, 1 failed'],
    ['a run says nothing and claims to be well', { ...good, test: 'true' }, 1, '15 passed, 1 failed'],
    ['a run fails after its tally', { ...good, test: 'echo "10 passed, 0 failed"; exit 1' }, 1, '25 passed, 1 failed'],
  ])('when %s says so in its last line and its status', (_, scripts, status, last) => {
    expect(ciRun(scripts)).toEqual({ status, last })
  })
})
