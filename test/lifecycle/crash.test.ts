/** Everything dies, again and again, in the middle of jobs: a small run of `npm run crash`. A large one is its default. */
import { existsSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { eventually, newPlace } from '../support/cli.ts'

const place = newPlace('crash')
const DATA = place.file('data')

afterAll(() => place.remove())

describe('npm run crash', { timeout: 600_000 }, () => {
  it('kills the runtime three times under six jobs and more, and every one of them comes to its right end', async () => {
    const { code, stdout, stderr } = await place.run('crash.ts', '--jobs', '6', '--kills', '3', '--mb', '2', '--data', DATA).ended
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).toMatch(/^seed 1: \d+ jobs, 3 kills, .*\nat the kills: \d+ /)
    expect(stdout).toMatch(/\nwrong 0\nleft over or missing 0\nrecovered [1-9]/)
    expect(existsSync(DATA)).toBe(false)
    await eventually(place.processes, (found) => found.length === 0)
  })
})
