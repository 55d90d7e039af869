/** The commands with the real service: what several of them do to each other, and what is left when one is killed. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { grouped } from '../../scripts/lib/numbers.ts'
import { samplePieces } from '../../scripts/lib/sample.ts'
import { eventually, listens, newPlace, type Running, sleep } from '../support/cli.ts'

const place = newPlace('cli')
const rows = parse([...samplePieces(20_000)].join(''), { columns: true, skip_empty_lines: true }) as Record<string, string>[]

/** What another program keeps of the list. */
const kept = (isKept: (row: Record<string, string>) => boolean): Record<string, string>[] => rows.filter(isKept)
const read = (name: string): Record<string, string>[] =>
  parse(readFileSync(place.file(name)), { columns: true }) as Record<string, string>[]

/** Where this place's socket and port are, while a service runs. */
const serviceOf = async (command: Running): Promise<{ socket: string; port: number }> => {
  await command.saying(/uploading|queued/)
  const log = await eventually(
    () => readFileSync(path.join(place.state, 'service.log'), 'utf8'),
    (text) => /Ready on/.test(text),
  )
  return { socket: socketOf(place.state), port: Number(/Ready on http:\/\/127\.0\.0\.1:(\d+)/.exec(log)?.[1]) }
}

const socketOf = (state: string): string =>
  spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { socketPath } from ${JSON.stringify(path.join(import.meta.dirname, '../../scripts/lib/places.mjs'))}; console.log(socketPath())`,
    ],
    {
      env: { ...process.env, LIST_CUTTER_STATE: state },
      encoding: 'utf8',
    },
  ).stdout.trim()

const nothingIsLeft = async ({ socket, port }: { socket: string; port: number }): Promise<void> => {
  await eventually(place.processes, (found) => found.length === 0)
  expect(await listens(port)).toBe(false)
  expect(await listens(socket)).toBe(false)
}

beforeAll(async () => {
  mkdirSync(place.state, { recursive: true })
  writeFileSync(place.file('people.csv'), stringify(rows, { header: true }))
  const text = readFileSync(place.file('people.csv'))
  const body = text.subarray(text.indexOf('\n') + 1)
  writeFileSync(place.file('long.csv'), Buffer.concat([text, ...Array.from({ length: 20 }, () => body)]))
  expect(await place.run('setup.mjs').ended).toMatchObject({ code: 0 })
}, 120_000)

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

describe('after the command is ended by', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s its job is canceled, and no process, port, socket or half file is left', async (signal, exitCode) => {
    const command = place.run('cut.ts', 'long.csv', '-w', 'age > 60', '-o', 'never.csv')
    const service = await serviceOf(command)
    await command.saying(/filter queued/)
    command.child.kill(signal)
    const { code, stderr } = await command.ended
    expect(code, stderr).toBe(exitCode)
    expect(stderr).toMatch(/Job job_\w+ is cancel(ed|ing)/)
    await nothingIsLeft(service)
    expect(readdirSync(place.folder).filter((name) => name.startsWith('never'))).toEqual([])
  })

  it('SIGKILL no process, port or socket is left, and the next command works', async () => {
    const command = place.run('cut.ts', 'long.csv', '-w', 'age > 60', '-o', 'never.csv')
    const service = await serviceOf(command)
    command.child.kill('SIGKILL')
    await command.ended
    await nothingIsLeft(service)
    expect(existsSync(place.file('never.csv'))).toBe(false)
    expect(await place.run('cut.ts', 'people.csv', '-w', 'id <= 7', '--count').ended).toMatchObject({ code: 0, stdout: '7\n' })
  })
})

describe('the service', () => {
  it('that is killed is named as lost, leaves nothing, and is started anew by the next command', async () => {
    const command = place.run('cut.ts', 'long.csv', '-w', 'age > 60', '-o', 'never.csv')
    await serviceOf(command)
    const supervisor = place.processes().find(({ command }) => command.includes('scripts/serve.ts'))
    expect(supervisor).toBeDefined()
    process.kill(supervisor!.pid, 'SIGKILL')
    const { code, stderr } = await command.ended
    expect(code).toBe(1)
    expect(stderr).toContain('The service ended.')
    await eventually(place.processes, (found) => found.length === 0)
    expect(await place.run('cut.ts', 'people.csv', '-w', 'id <= 3', '--count').ended).toMatchObject({ code: 0, stdout: '3\n' })
  })

  it('of another version is named and not used', async () => {
    const other = createServer((holder) => {
      holder.on('error', () => {})
      holder.write(
        `${JSON.stringify({ state: 'ready', pid: 4711, version: '9.9.9', source: 'x', log: '', stays: true, url: 'http://127.0.0.1:1' })}\n`,
      )
    })
    rmSync(socketOf(place.state), { force: true })
    await new Promise<void>((done) => other.listen(socketOf(place.state), done))
    const { code, stderr } = await place.run('cut.ts', 'people.csv', '-w', 'age > 60', '-o', 'never.csv').ended
    await new Promise((done) => other.close(done))
    expect(code).toBe(1)
    expect(stderr).toMatch(/version 9\.9\.9 is running \(process 4711, http:\/\/127\.0\.0\.1:1\).*not used/)
  })

  it('that was started to stay is used, kept from reset, and ends with Ctrl-C', async () => {
    const service = place.run('serve.ts', '--stay')
    const port = Number(/listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(await service.saying(/listens on \S+/))?.[1])
    expect(await place.run('cut.ts', 'people.csv', '-w', 'id <= 5', '--count').ended).toMatchObject({ code: 0, stdout: '5\n' })
    await sleep(1_000)
    expect(await listens(port)).toBe(true)
    const reset = await place.run('reset.ts').ended
    expect(reset.code).toBe(1)
    expect(reset.stderr).toContain(`process ${service.child.pid}`)
    service.child.kill('SIGINT')
    expect(await service.ended).toMatchObject({ code: 0 })
    expect(await listens(port)).toBe(false)
  })

  it('that is to stay waits for one that is about to end', async () => {
    expect(await place.run('cut.ts', 'people.csv', '-w', 'id <= 5', '--count').ended).toMatchObject({ code: 0 })
    const service = place.run('serve.ts', '--stay')
    await service.saying(/listens on/)
    service.child.kill('SIGINT')
    expect(await service.ended).toMatchObject({ code: 0 })
  })

  it('is ended by reset --force, which empties the state; set-up makes it anew', async () => {
    const service = place.run('serve.ts', '--stay')
    await service.saying(/listens on/)
    expect(await place.run('reset.ts', '--force').ended).toMatchObject({ code: 0 })
    expect(await service.ended).toMatchObject({ code: 0 })
    expect(existsSync(place.state)).toBe(false)
    expect(await place.run('setup.mjs').ended).toMatchObject({ code: 0 })
    expect(await place.run('cut.ts', 'people.csv', '-w', 'id <= 2', '--count').ended).toMatchObject({ code: 0, stdout: '2\n' })
  })
})
