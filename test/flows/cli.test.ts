/** The commands with the real service, alone and several at once. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { grouped } from '../../scripts/lib/numbers.ts'
import { eventually } from '../support/cli.ts'
import { newListPlace } from '../support/cli-list.ts'

const { place, rows, prepare } = newListPlace('cli')

/** What another program keeps of the list. */
const kept = (isKept: (row: Record<string, string>) => boolean): Record<string, string>[] => rows.filter(isKept)
const read = (name: string): Record<string, string>[] =>
  parse(readFileSync(place.file(name)), { columns: true }) as Record<string, string>[]

beforeAll(() => prepare(), 120_000)

afterEach(() => eventually(place.processes, (found) => found.length === 0))
afterAll(() => place.remove())

describe('several commands at once', () => {
  it('start one service between them and all get the right answer', async () => {
    const states = ['NY', 'CA', 'TX', 'WA']
    const commands = states.map((state) => place.run('cut.ts', 'people.csv', '-w', `state = '${state}'`, '-o', `${state}.csv`))
    let supervisors = 0
    const watch = setInterval(() => {
      supervisors = Math.max(supervisors, place.processes().filter(({ command }) => command.includes('wrangler-dist/cli.js')).length)
    }, 100)
    const endings = await Promise.all(commands.map(({ ended }) => ended))
    clearInterval(watch)
    for (const { code, stderr } of endings) expect(code, stderr).toBe(0)
    for (const state of states) expect(read(`${state}.csv`)).toEqual(kept((row) => row.state === state))
    expect(supervisors).toBe(1)
  })
})

describe('one command', () => {
  it('accounts for every row, names the file and its lineage, and says the same as JSON', async () => {
    const { code, stdout, stderr } = await place.run('cut.ts', 'people.csv', '-w', "city = 'Buffalo'", '-o', 'buffalo.csv', '--json').ended
    expect(code, stderr).toBe(0)
    const expected = kept((row) => row.city === 'Buffalo')
    expect(read('buffalo.csv')).toEqual(expected)
    const done = JSON.parse(stdout) as Record<string, never>
    expect(done).toMatchObject({
      rows_in: rows.length,
      rows_out: expected.length,
      rows_filtered: rows.length - expected.length,
      rows_rejected: 0,
      output: {
        place: place.file('buffalo.csv'),
        sha256: createHash('sha256')
          .update(readFileSync(place.file('buffalo.csv')))
          .digest('hex'),
      },
      lineage: { kind: 'CUT_FROM', operation: 'filter' },
    })
    expect(stderr).toContain(`${grouped(expected.length)} out + ${grouped(rows.length - expected.length)} filtered + 0 rejected`)
    expect(stderr).toMatch(/lineage +file_\w+ --filter--> file_\w+/)
  })

  it('with --count says a number, with - passes the rows on, and makes no file', async () => {
    const lists = (): string[] => readdirSync(place.folder).filter((name) => name.endsWith('.csv'))
    const before = lists()
    const [count, piped] = await Promise.all([
      place.run('cut.ts', 'people.csv', '-w', 'age >= 90', '--count').ended,
      place.run('cut.ts', 'people.csv', '-w', 'age >= 90', '-o', '-').ended,
    ])
    const expected = kept((row) => /^ *\d+ *$/.test(row.age ?? '') && Number(row.age) >= 90)
    expect(count).toMatchObject({ code: 0, stdout: `${expected.length}\n` })
    expect(parse(piped.stdout, { columns: true })).toEqual(expected)
    expect(lists()).toEqual(before)
  })

  it('with a wrong clause shows a caret under the mistake before any service is started', async () => {
    const command = place.run('cut.ts', 'people.csv', '-w', "agee > 60 AND state = 'NY'")
    const { code, stderr } = await command.ended
    expect(code).toBe(2)
    expect(stderr).toContain("  agee > 60 AND state = 'NY'\n  ^^^^\n")
    expect(stderr).not.toContain('service')
  })

  it('prints the profile of a list', async () => {
    const { code, stdout, stderr } = await place.run('analyse.ts', 'people.csv', '--json').ended
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ rows: rows.length, columns: Object.keys(rows[0] ?? {}).map((name) => ({ name })) })
  })

  it('drops a list into the inbox, where the next tick finds it', async () => {
    const { code, stdout, stderr } = await place.run('drop.ts', 'people.csv', '--json').ended
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ state: 'ready', source: 'inbox', name: 'people.csv' })
  })
})
