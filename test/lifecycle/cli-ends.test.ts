/** What is left when a command or its service is ended, killed or replaced, and what the next command makes of it. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually, listens, sleep } from '../support/cli.ts'
import { newListPlace } from '../support/cli-list.ts'

const { place, prepare, socket, serviceOf, nothingIsLeft } = newListPlace('ends')

beforeAll(async () => {
  await prepare()
  const text = readFileSync(place.file('people.csv'))
  const body = text.subarray(text.indexOf('\n') + 1)
  writeFileSync(place.file('long.csv'), Buffer.concat([text, ...Array.from({ length: 20 }, () => body)]))
}, 120_000)

afterEach(() => eventually(place.processes, (found) => found.length === 0))
afterAll(() => place.remove())

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
    rmSync(socket(), { force: true })
    await new Promise<void>((done) => other.listen(socket(), done))
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
