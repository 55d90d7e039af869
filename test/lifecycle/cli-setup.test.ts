/** Set-up: two at once, killed on the way, and done again for nothing. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { eventually, newPlace, sleep } from '../support/cli.ts'

const place = newPlace('setup')
const key = (): string => readFileSync(path.join(place.state, 'key'), 'utf8')
const emptyState = (): void => rmSync(place.state, { recursive: true, force: true })

const keyWorks = async (): Promise<void> => {
  writeFileSync(place.file('list.csv'), 'a\n1\n2\n')
  expect(await place.run('cut.ts', 'list.csv', '-w', 'a > 1', '--count').ended).toMatchObject({ code: 0, stdout: '1\n' })
  await eventually(place.processes, (found) => found.length === 0)
}

afterAll(() => place.remove())

describe('set-up', () => {
  it('twice at once does everything once, and again does nothing and says nothing', async () => {
    const both = await Promise.all([place.run('setup.mjs').ended, place.run('setup.mjs').ended])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    const said = both.map(({ stderr }) => stderr).join('')
    expect(said.match(/making a local user/g)).toHaveLength(1)
    expect(said).toContain('waiting for another set-up')
    const before = key()
    expect(await place.run('setup.mjs').ended).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(key()).toBe(before)
    await keyWorks()
  })

  it('that is killed on the way is repaired by the next', { timeout: 120_000 }, async () => {
    emptyState()
    for (const ms of [30, 300, 900, 2_000, 3_500]) {
      const command = place.run('setup.mjs')
      await sleep(ms)
      command.child.kill('SIGKILL')
      await command.ended
    }
    expect(await place.run('setup.mjs').ended).toMatchObject({ code: 0 })
    await keyWorks()
  })

  it('makes a new key where the old one is lost', async () => {
    const lost = key()
    rmSync(path.join(place.state, 'key'))
    expect(await place.run('setup.mjs').ended).toMatchObject({ code: 0 })
    expect(key()).not.toBe(lost)
    await keyWorks()
  })
})
