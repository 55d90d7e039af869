/** awk, where fields are never quoted: its start is part of what is timed, a few milliseconds. */
import { spawn } from 'node:child_process'
import { accessSync, closeSync, constants, openSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Contender, Task } from '../contender.ts'
import { scenarioOf } from '../scenarios.ts'

const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

/** Runs the program to its end with its output in a file. */
const runToFile = (program: string, args: readonly string[], out: string): Promise<void> =>
  new Promise((done, fail) => {
    const file = openSync(out, 'w')
    // Bytes, not characters: the same rows, and twice as fast in gawk.
    const child = spawn(program, args, { stdio: ['ignore', file, 'inherit'], env: { ...process.env, LC_ALL: 'C' } })
    closeSync(file)
    child.once('error', fail)
    child.once('exit', (code) => (code === 0 ? done() : fail(new Error(`${program} ended with code ${code}`))))
  })

const awk = (program: string): Contender => ({
  name: program,
  about: `${program} over bytes (LC_ALL=C)`,
  cores: 'one',
  missing: () => (isOnPath(program) ? null : `${program} is not on the PATH`),
  prepare: async ({ scenario, list }: Task) => {
    const { operation, awk: pattern } = scenarioOf(scenario)
    if (!pattern) throw new Error(`${scenario} has no pattern for awk`)
    const args = ['-F', list.dialect.delimiter]
    if (operation === 'filter')
      return {
        run: async (out) => {
          await runToFile(program, [...args, `NR == 1 || ${pattern}`, list.path], out)
          return { rows: null }
        },
      }
    return {
      // A count is read back from where it was written, which is a file then and not the null device.
      run: async (out) => {
        await runToFile(program, [...args, `NR > 1 && ${pattern} { n++ } END { print n + 0 }`, list.path], out)
        const printed = readFileSync(out, 'latin1').trim()
        return { rows: printed === '' ? null : Number(printed) }
      },
    }
  },
})

export const AWKS: readonly Contender[] = [awk('mawk'), awk('gawk')]
