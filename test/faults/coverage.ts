/** Which call sites were ever seen, and how often each was hit by each of the four faults. */
import { FAULTS, type Site, type Strike } from './fault.ts'
import type { ScenarioName } from './scenario.ts'
import { type Case, type Done, seedCase, struckCase } from './suite.ts'

type Hits = Record<(typeof FAULTS)[number], number>

/** A call of a run: the run goes the same way up to it, whatever happens there. */
interface Seen {
  readonly seed: number
  /** That of its random faults; 0: it has none. */
  readonly rate: number
  readonly scenario: ScenarioName
  /** Its certain faults, without which it would not come there. */
  readonly strikes: readonly Strike[]
  readonly index: number
}

/** What one process has covered, for another. */
export type CoverageEntry = readonly [Site, Hits, Seen]

export class Coverage {
  readonly #sites = new Map<Site, { readonly hits: Hits; readonly seen: Seen }>()

  #at(site: Site, seen: Seen): Hits {
    const known = this.#sites.get(site)
    if (known) return known.hits
    const hits = { before: 0, after: 0, crash: 0, hang: 0 }
    this.#sites.set(site, { hits, seen })
    return hits
  }

  /** `rate`: that of the run's random faults. */
  add({ one, run }: Done, rate: number): void {
    const { seed, scenario = 'all' } = one.options
    const here = { seed, rate, scenario, strikes: one.strikes }
    for (const [index, site] of run.sites.entries()) this.#at(site, { ...here, index })
    for (const { site, index, fault } of run.struck) if (fault !== 'torn') this.#at(site, { ...here, index })[fault]++
  }

  merge(entries: readonly CoverageEntry[]): void {
    for (const [site, hits, seen] of entries) {
      const mine = this.#at(site, seen)
      for (const fault of FAULTS) mine[fault] += hits[fault]
    }
  }

  get entries(): CoverageEntry[] {
    return [...this.#sites].map(([site, { hits, seen }]) => [site, hits, seen])
  }

  get siteCount(): number {
    return this.#sites.size
  }

  get coveredCount(): number {
    return [...this.#sites.values()].filter(({ hits }) => FAULTS.every((fault) => hits[fault] > 0)).length
  }

  /** Sites and faults that have not met yet, each with a run in which they do. */
  get missing(): { readonly site: Site; readonly rate: number; readonly one: Case }[] {
    return this.entries.flatMap(([site, hits, { seed, rate, scenario, strikes, index }]) =>
      FAULTS.filter((fault) => hits[fault] === 0).map((fault) => {
        const all = [...strikes.filter((strike) => strike.index < index), { index, fault }]
        return { site, rate, one: rate === 0 ? struckCase(scenario, all, seed) : seedCase(seed, rate, all) }
      }),
    )
  }
}
