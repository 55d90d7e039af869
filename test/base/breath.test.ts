import { expect, it } from 'vitest'
import { Breath } from '../../shared/base/breath.ts'
import { LIMITS } from '../../shared/base/limits.ts'

/** Works through pieces that take so long each; how often others were let in. */
const breaths = async (pieces: number, bytes: number, ms: number): Promise<number> => {
  let now = 0
  let count = 0
  const sleep = async (): Promise<void> => {
    count++
  }
  const breath = new Breath({ now: () => now, sleep })
  for (let i = 0; i < pieces; i++) {
    now += ms
    await breath.after(bytes)
  }
  return count
}

const BLOCK = LIMITS.blockBytes
const BLOCKS = LIMITS.yieldBytes / BLOCK

it('quick work lets others in after so many bytes', async () => {
  expect(await breaths(BLOCKS - 1, BLOCK, 0)).toBe(0)
  expect(await breaths(BLOCKS, BLOCK, 0)).toBe(1)
  expect(await breaths(10 * BLOCKS, BLOCK, 0)).toBe(10)
})

it('slow work lets others in after so much time', async () => {
  expect(await breaths(4, 1, LIMITS.yieldMs / 5)).toBe(0)
  expect(await breaths(5, 1, LIMITS.yieldMs / 5)).toBe(1)
  expect(await breaths(7, 1, 10 * LIMITS.yieldMs)).toBe(7)
})

it('neither is counted twice', async () => expect(await breaths(2 * BLOCKS, BLOCK, LIMITS.yieldMs / BLOCKS)).toBe(2))
