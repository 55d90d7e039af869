import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { insist, retryDelayS } from '../../shared/base/retry.ts'
import { noted } from '../support/patience.ts'

const always = () => true
/** Work that fails so often. */
const failing = (times: number) => async (tries: number) => {
  if (tries <= times) throw new Error(`failure ${tries}`)
  return `done at ${tries}`
}

describe('work that is insisted on', () => {
  it('is done once where it succeeds', async () => {
    const { slept, patience } = noted()
    expect(await insist(patience, 5, always, failing(0))).toBe('done at 1')
    expect(slept).toEqual([])
  })

  it.each([
    ['least', 0, [50, 100, 200, 400]],
    ['most', 255 / 256, [100, 200, 400, 800]],
  ])('is done after pauses that double, with the %s jitter', async (_, share, pauses) => {
    const { slept, patience } = noted(share)
    expect(await insist(patience, 5, always, failing(4))).toBe('done at 5')
    expect(slept.map((ms) => Math.round(ms))).toEqual(pauses)
  })

  it('is given up after so many tries, with its last failure', async () => {
    const { slept, patience } = noted()
    await expect(insist(patience, 3, always, failing(9))).rejects.toThrow('failure 3')
    expect(slept).toHaveLength(2)
  })

  it('is not repeated after a failure that another try would not change', async () => {
    const { slept, patience } = noted()
    const mayRepeat = (failure: unknown) => (failure as Error).message !== 'failure 2'
    await expect(insist(patience, 5, mayRepeat, failing(9))).rejects.toThrow('failure 2')
    expect(slept).toHaveLength(1)
  })

  it('never takes longer than a person waits for an answer', () => {
    const most = (tries: number) => LIMITS.triesPauseMs * (2 ** (tries - 1) - 1)
    expect([most(LIMITS.storageTriesMax), most(LIMITS.databaseTriesMax)]).toEqual([1500, 300])
  })
})

it('a message comes again after a delay that grows to minutes', () => {
  const { patience } = noted(0)
  expect([1, 2, 3, 4, 5, 6, 99].map((attempt) => retryDelayS(attempt, patience.random))).toEqual([1, 4, 15, 60, 300, 300, 300])
  expect(retryDelayS(4, noted(255 / 256).patience.random)).toBe(90)
})
