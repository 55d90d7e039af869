/** What is printed? The outcome of a simulation, the costs of jobs and the CPU time of the engine, as tables for people. */
import { LIMITS } from '../../../shared/base/limits.ts'
import { byteSize, counted, duration, grouped } from '../numbers.ts'
import type { Measure } from './measure.ts'
import { databaseMs, dollarsOf, requestUsage, sumUsage, totalOf } from './price.ts'
import type { Latency, Outcome } from './run.ts'
import type { Scene } from './scene.ts'

/** Three digits, or all before the point; small ones to the hundredth. */
const figure = (value: number): string =>
  value >= 99.95 ? grouped(Math.round(value)) : value.toFixed(value >= 9.995 ? 1 : Number.isInteger(value) ? 0 : 2)
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** Columns under their heads; all but the first stand to the right. */
const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!)))
      .join('  ')
      .trimEnd(),
  )
  return [lines[0], widths.map((width) => '─'.repeat(width)).join('  '), ...lines.slice(1), ''].join('\n')
}

const latencyRow = (name: string, { jobs, p50, p95, p99, max }: Latency): string[] => [
  name,
  grouped(jobs),
  ...[p50, p95, p99, max].map(duration),
]

/** A simulation's outcome. */
export const outcomeText = ({ owners, bytes, shards }: Scene, outcome: Outcome): string => {
  const { submitted, succeeded, failed, analyses, retries, lengthMs, jobsPerS, gbPerS, latency, backlog, stages, busiest } = outcome
  const waits = [
    ['submitted to done', 'jobs', 'p50', 'p95', 'p99', 'max'],
    latencyRow(`${counted(owners, 'owner')}, ${byteSize(bytes)} a job`, latency),
    ...(backlog ? [latencyRow('the owner with the backlog', backlog)] : []),
  ]
  const shown = shards > 4 ? stages.filter(({ name }) => !/^database (?!1$)/.test(name)) : stages
  const uses = [
    ['resource', 'served', 'busy', 'of its rate', 'here on average', 'most waiting'],
    ...shown.map(({ name, served, utilisation, rateUsed, meanHere, mostWaiting }) => [
      name,
      grouped(served),
      percent(utilisation),
      rateUsed === null ? '' : percent(rateUsed),
      figure(meanHere),
      grouped(mostWaiting),
    ]),
  ]
  return [
    `${grouped(submitted)} jobs submitted: ${grouped(succeeded)} succeeded, ${grouped(failed)} failed; ${grouped(analyses)} analyses; ${grouped(retries)} tries again; ${duration(lengthMs)} of virtual time`,
    `${figure(jobsPerS)} jobs a second, ${figure(gbPerS)} GB a second; busy most: ${busiest}`,
    '',
    table(waits),
    table(uses),
  ].join('\n')
}

export const COST_SIZES = [1e6, 1e9, 1e11, 1e12] as const

/** What a filter costs whose input has so many bytes, with all that follows from it; sizes whose result one job does not write are left out. */
export const costsOf = ({ share, sizes, assumed, analyses }: Scene) =>
  COST_SIZES.filter((bytes) => bytes * share <= LIMITS.outputBytesMax).map((bytes) => {
    const steps = requestUsage(bytes, share, sizes, assumed)
    const used = sumUsage(Object.entries(steps).flatMap(([name, one]) => (analyses || name !== 'its analysis' ? [one] : [])))
    const dollars = dollarsOf(used)
    return {
      bytes,
      ...used,
      databaseMs: databaseMs(used, assumed),
      dollars,
      total: totalOf(dollars),
      perTb: (totalOf(dollars) * 1e12) / bytes,
    }
  })

const money = (value: number): string => `$${value >= 0.1 ? value.toFixed(2) : value.toPrecision(2)}`

export const costsText = (scene: Scene): string => {
  const all = costsOf(scene)
  const row = (name: string, of: (one: (typeof all)[number]) => string): string[] => [name, ...all.map(of)]
  const asked = [
    row(`a filter that keeps ${percent(scene.share)}`, ({ bytes }) => byteSize(bytes)),
    row('Workers: invocations', ({ requests }) => figure(requests)),
    row('Workers: CPU s', ({ cpuMs }) => figure(cpuMs / 1000)),
    row('D1: questions that read', ({ cost }) => figure(cost.reads)),
    row('D1: questions that write', ({ cost }) => figure(cost.writes)),
    row('D1: statements', ({ cost }) => figure(cost.statements)),
    row('D1: rows read', ({ cost }) => figure(cost.rowsRead)),
    row('D1: rows written', ({ cost }) => figure(cost.rowsWritten)),
    row('D1: busy, s', ({ databaseMs: ms }) => figure(ms / 1000)),
    row('R2: class A', ({ cost }) => figure(cost.classA)),
    row('R2: class B', ({ cost }) => figure(cost.classB)),
    row('Queues: messages', ({ cost }) => figure(cost.messages)),
  ]
  const names = Object.keys(all[0]?.dollars ?? {})
  const dollars = [
    row('US dollars', ({ bytes }) => byteSize(bytes)),
    ...names.map((name) => row(name, ({ dollars: paid }) => money(paid[name] ?? 0))),
    row('together', ({ total }) => money(total)),
    row('for a TB', ({ perTb }) => money(perTb)),
  ]
  return `${table(asked)}\n${table(dollars)}`
}

/** The CPU time that was measured, beside that of a copy in memory. */
export const measureText = (measures: readonly Measure[]): string => {
  const copy = measures.find(({ name }) => name === 'memory copy')?.cpuMsPerGb ?? Number.NaN
  const rows = measures.map(({ name, cpuMsPerGb }) => [name, figure(cpuMsPerGb), figure(1e6 / cpuMsPerGb), `${figure(cpuMsPerGb / copy)}×`])
  return table([['work', 'CPU ms a GB', 'MB a CPU second', 'of a memory copy'], ...rows])
}
