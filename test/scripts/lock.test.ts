import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { tryLock, withLock } from '../../scripts/lib/lock.mjs'

const module = path.join(import.meta.dirname, '../../scripts/lib/lock.mjs')
const folder = (): string => mkdtempSync(path.join(os.tmpdir(), 'lock-'))

/** A process of its own that runs `code` with `withLock`, `tryLock` and `lock` (the path) at hand. */
const inProcess = (lock: string, code: string): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { tryLock, withLock } from ${JSON.stringify(module)}\nconst lock = ${JSON.stringify(lock)}\n${code}`,
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )

const held = async (child: ChildProcess): Promise<void> => void (await once(child.stdout as NodeJS.EventEmitter, 'data'))

describe('a lock', () => {
  it('is held by one and free again when it is released', () => {
    const lock = path.join(folder(), 'lock')
    const first = tryLock(lock)
    expect(first.held).toBe(true)
    expect(tryLock(lock)).toEqual({ held: false, holders: [process.pid] })
    if (first.held) first.release()
    expect(tryLock(lock).held).toBe(true)
  })

  it('lets eight processes do their work one after the other', async () => {
    const place = folder()
    const log = path.join(place, 'log')
    const work = `import { appendFileSync } from 'node:fs'
      for (let i = 0; i < 5; i++) await withLock(lock, async () => {
        appendFileSync(${JSON.stringify(log)}, 'in ')
        await new Promise((done) => setTimeout(done, 2))
        appendFileSync(${JSON.stringify(log)}, 'out ')
      })`
    const codes = await Promise.all(
      Array.from({ length: 8 }, async () => (await once(inProcess(path.join(place, 'lock'), work), 'exit'))[0]),
    )
    expect(codes).toEqual(Array(8).fill(0))
    expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(40))
    expect(readdirSync(place).filter((name) => name.startsWith('lock.'))).toHaveLength(1)
  })

  it('of a process that was killed is taken over, by one of many', async () => {
    const place = folder()
    const lock = path.join(place, 'lock')
    const owner = inProcess(lock, `tryLock(lock); console.log('held'); setInterval(() => {}, 1000)`)
    await held(owner)
    expect(tryLock(lock)).toEqual({ held: false, holders: [owner.pid] })
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    const tries = Array.from({ length: 6 }, () => inProcess(lock, `console.log(tryLock(lock).held); setTimeout(() => {}, 1000)`))
    const answers = await Promise.all(
      tries.map(async (child) => String((await once(child.stdout as NodeJS.EventEmitter, 'data'))[0]).trim()),
    )
    expect(answers.filter((answer) => answer === 'true')).toHaveLength(1)
    for (const child of tries) child.kill('SIGKILL')
  })

  it('is still held while a process lives that it was shared with', async () => {
    const lock = path.join(folder(), 'lock')
    const helper = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
    const owner = inProcess(lock, `tryLock(lock).share(${helper.pid}); console.log('held'); setInterval(() => {}, 1000)`)
    await held(owner)
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    expect(tryLock(lock)).toEqual({ held: false, holders: [helper.pid] })
    helper.kill('SIGKILL')
    await once(helper, 'exit')
    expect(tryLock(lock).held).toBe(true)
  })

  it('of a process whose id another has now is free, where the system says when a process began', () => {
    const lock = path.join(folder(), 'lock')
    writeFileSync(`${lock}.7`, `${process.pid} 1\n`)
    expect(tryLock(lock).held).toBe(existsSync('/proc/self/stat'))
  })

  it('says once whom it waits for, and is released when the work fails', async () => {
    const lock = path.join(folder(), 'lock')
    await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    const first = tryLock(lock)
    const waited: (readonly number[])[] = []
    const second = withLock(
      lock,
      () => 'done',
      (holders) => waited.push(holders),
    )
    await new Promise((done) => setTimeout(done, 200))
    if (first.held) first.release()
    expect(await second).toBe('done')
    expect(waited).toEqual([[process.pid]])
  })
})
