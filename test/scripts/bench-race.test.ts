import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Contender, Outcome } from '../../scripts/lib/bench/contender.ts'
import { median } from '../../scripts/lib/bench/figures.ts'
import { listFor } from '../../scripts/lib/bench/lists.ts'
import { race } from '../../scripts/lib/bench/race.ts'
import { scenarioOf } from '../../scripts/lib/bench/scenarios.ts'
import type { Start } from '../../scripts/lib/bench/seat.ts'
import { newFolder, raceHere } from '../support/bench.ts'

const scenario = { ...scenarioOf('number-40'), peers: ['peer'] }

const fake = (name: string, run: (out: string) => Outcome, rest: Partial<Contender> = {}): Contender => ({
  name,
  about: '',
  cores: 'one',
  missing: () => null,
  prepare: async () => ({ run: async (out) => run(out) }),
  ...rest,
})

const writes = (text: string) => (out: string) => {
  writeFileSync(out, text)
  return { rows: 1 }
}

const raced = async (peer: Contender, change: Partial<Parameters<typeof race>[2]> = {}) => {
  const folder = newFolder()
  const list = await listFor(scenario, folder, 20_000)
  const contenders = [fake('ours', writes('a\n1\n')), peer]
  const find = (name: string) => contenders.find((contender) => contender.name === name)!
  return race(scenario, list!, { ...raceHere(folder, find), ...change })
}

describe('a race', () => {
  it('gives speeds and a ratio for a peer that agrees', async () => {
    const { oursMbPerS, pairs, missing, wrong } = await raced(fake('peer', writes('a\n1\n')))
    expect(pairs).toEqual([{ peer: 'peer', mbPerS: expect.any(Number), ratio: expect.any(Number), agreed: 'bytes' }])
    expect([oursMbPerS > 0, missing, wrong]).toEqual([true, [], []])
  })

  it('says that a peer is missing and goes on', async () => {
    const { oursMbPerS, pairs, missing } = await raced(fake('peer', writes(''), { missing: () => 'nobody installed it' }))
    expect([pairs, missing]).toEqual([[], [{ peer: 'peer', why: 'nobody installed it' }]])
    expect(oursMbPerS).toBeGreaterThan(0)
  })

  it('reports a peer with another answer and does not time it', async () => {
    let runs = 0
    const liar = fake('peer', (out) => {
      runs++
      return writes('a\n2\n')(out)
    })
    const { pairs, wrong } = await raced(liar, { runs: 5 })
    expect([pairs, runs]).toEqual([[], 1])
    expect(wrong).toEqual([{ peer: 'peer', why: 'row 1 of the output: ours ["1"], theirs ["2"]' }])
  })

  it('reports a peer that fails', async () => {
    const broken = fake('peer', () => {
      throw new Error('it cannot read this')
    })
    expect(await raced(broken)).toMatchObject({ pairs: [], wrong: [{ peer: 'peer', why: 'it cannot read this' }] })
  })

  it('asks a yardstick for no answer', async () => {
    const { pairs } = await raced(fake('peer', () => ({ rows: null }), { isYardstick: true }))
    expect(pairs).toMatchObject([{ agreed: null }])
  })

  it('answers once each, then runs ours and the peer in turns, and ends both', async () => {
    const log: string[] = []
    const ms = { ours: [9, 2, 4, 100], peer: [9, 20, 20, 200] } as Record<string, number[]>
    const start: Start = async (name) => ({
      run: async (out) => {
        log.push(name)
        return { ms: ms[name]!.shift()!, outcome: writes('a\n1\n')(out) }
      },
      end: () => void log.push(`${name} ends`),
    })
    const { oursMbPerS, pairs, bytes } = await raced(fake('peer', writes('')), { start, runs: 3 })
    expect(log.join(' ')).toBe('ours peer ours peer ours peer ours peer peer ends ours ends')
    expect(pairs).toMatchObject([{ ratio: 5, mbPerS: bytes / 1_000 / 20 }])
    expect(oursMbPerS).toBe(bytes / 1_000 / 4)
  })

  it('ends when the user has seen enough', async () => {
    const stop = new AbortController()
    stop.abort(new Error('enough'))
    await expect(raced(fake('peer', writes('a\n1\n')), { stop: stop.signal })).rejects.toThrow('enough')
  })
})

describe('the median', () => {
  it.each([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected)
  })
})
