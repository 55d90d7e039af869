/** How much CPU time does a GB take? The engine as the processor runs it, a copy in memory beside it, and a digest, in turns, in this process; user CPU time, not the clock. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { contenderOf } from '../bench/contenders.ts'
import { listFor, nullSink } from '../bench/lists.ts'
import { scenarioOf } from '../bench/scenarios.ts'

const MEASURES = [
  ['filter', 'number-40', 'ours'],
  ['analyse', 'analyse', 'ours'],
  ['csv-parse', 'number-40', 'csv-parse'],
  ['memory copy', 'number-40', 'memory-copy'],
] as const

export interface Measure {
  readonly name: string
  readonly cpuMsPerGb: number
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const cpuMs = async (work: () => unknown): Promise<number> => {
  const before = process.cpuUsage()
  await work()
  return process.cpuUsage(before).user / 1000
}

/** Medians over `runs` turns on a made-up list of `bytes`. */
export const measureCpu = async (bytes: number, runs: number): Promise<Measure[]> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'simulate-'))
  try {
    const out = await nullSink(folder)
    const works: { name: string; run: () => unknown }[] = []
    for (const [name, title, who] of MEASURES) {
      const scenario = scenarioOf(title)
      const list = await listFor(scenario, folder, bytes)
      if (!list) continue
      const runner = await contenderOf(who).prepare({ scenario: scenario.name, list })
      works.push({ name, run: () => runner.run(out) })
    }
    const block = new Uint8Array(bytes)
    works.push({ name: 'sha256', run: () => createHash('sha256').update(block).digest() })
    const seen = works.map(() => [] as number[])
    for (let turn = 0; turn <= runs; turn++) {
      for (const [i, { run }] of works.entries()) {
        const ms = await cpuMs(run)
        // The first turn compiles.
        if (turn > 0) seen[i]!.push((ms / bytes) * 1e9)
      }
    }
    return works.map(({ name }, i) => ({ name, cpuMsPerGb: median(seen[i]!) }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
