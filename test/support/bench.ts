/** The benchmark in one process, on small lists. */
import { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Contender } from '../../scripts/lib/bench/contender.ts'
import { contenderOf } from '../../scripts/lib/bench/contenders.ts'
import type { RaceOptions } from '../../scripts/lib/bench/race.ts'
import type { Start } from '../../scripts/lib/bench/seat.ts'

export const newFolder = (): string => mkdtempSync(path.join(os.tmpdir(), 'bench-'))

/** Runs contenders here and now instead of in processes of their own. */
export const startHere =
  (find: (name: string) => Contender = contenderOf): Start =>
  async (name, task) => {
    const runner = await find(name).prepare(task)
    return {
      run: async (out) => {
        const from = performance.now()
        const outcome = await runner.run(out)
        return { ms: performance.now() - from, outcome }
      },
      end: () => runner.end?.(),
    }
  }

/** Options of a race whose contenders run here. */
export const raceHere = (folder: string, find?: (name: string) => Contender): RaceOptions => ({
  runs: 1,
  folder,
  sink: path.join(folder, 'sink'),
  start: startHere(find),
  ...(find ? { find } : {}),
})
