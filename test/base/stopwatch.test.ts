import { describe, expect, it } from 'vitest'
import { Stopwatch } from '../../shared/base/stopwatch.ts'

const world = () => {
  let now = 0
  const spend = async (ms: number): Promise<void> => {
    now += ms
  }
  return { watch: new Stopwatch<'read' | 'write'>({ now: () => now }), spend }
}

describe('a stopwatch', () => {
  it('adds up what is spent on each thing, and nothing else', async () => {
    const { watch, spend } = world()
    await watch.time('write', () => spend(5))
    await spend(100)
    await watch.time('write', () => spend(2))
    expect([watch.ms('read'), watch.ms('write')]).toEqual([0, 7])
  })

  it('counts work that fails', async () => {
    const { watch, spend } = world()
    const failing = watch.time('read', async () => {
      await spend(3)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(watch.ms('read')).toBe(3)
  })

  it('hands items on, counts the waiting for them, and ends their source where nobody wants the rest', async () => {
    const { watch, spend } = world()
    let isEnded = false
    async function* items() {
      try {
        for (let i = 1; ; i++) {
          await spend(i)
          yield i
        }
      } finally {
        isEnded = true
      }
    }
    const seen: number[] = []
    for await (const item of watch.each('read', items())) {
      await spend(1_000)
      seen.push(item)
      if (item === 3) break
    }
    expect([seen, watch.ms('read'), isEnded]).toEqual([[1, 2, 3], 6, true])
  })
})
