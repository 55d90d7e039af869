/** The commands as their users run them: real processes with a state folder of their own, and a look at what is left of them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import os from 'node:os'
import path from 'node:path'

export const ROOT = path.join(import.meta.dirname, '../..')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves with what was said when stdout or stderr first matches; throws when the process ends without it. */
  saying(pattern: RegExp): Promise<string>
}

/** A folder of lists and a state folder. `LIST_CUTTER_STATE` is in the environment of every process that is started here, which is how they are found again. */
export const newPlace = (name: string) => {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), `${name}-`)))
  const state = path.join(folder, 'state')
  const environment = { ...process.env, LIST_CUTTER_STATE: state, INIT_CWD: folder }

  const run = (script: string, ...args: string[]): Running => {
    const child = spawn(process.execPath, ['--no-warnings', path.join(ROOT, 'scripts', script), ...args], { cwd: ROOT, env: environment })
    const said: Record<'stdout' | 'stderr', string[]> = { stdout: [], stderr: [] }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => void said[name].push(text))
    const ended = once(child, 'close').then(([code]) => ({
      code: code as number | null,
      stdout: said.stdout.join(''),
      stderr: said.stderr.join(''),
    }))
    const saying = async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const all = [...said.stdout, ...said.stderr].join('')
        if (pattern.test(all)) return all
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`ended without saying ${pattern}:\n${all}`)
        await sleep(10)
      }
    }
    return { child, ended, saying }
  }

  return {
    folder,
    state,
    file: (name: string) => path.join(folder, name),
    run,
    /** The living processes of this place. */
    processes: () => processesWith(`LIST_CUTTER_STATE=${state}`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export type Place = ReturnType<typeof newPlace>

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

export interface Process {
  readonly pid: number
  readonly command: string
}

const processIf = (pid: number, marker: string): Process[] => {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
    return environment.includes(marker)
      ? [{ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim() }]
      : []
  } catch {
    return []
  }
}

/** A process that has ended but was not yet collected has no environment any more, so it is not among them. */
const processesWith = (marker: string): Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processIf(Number(name), marker))

/** Waits until `isTrue`; the last thing seen is in the error. */
export const eventually = async <T>(look: () => T | Promise<T>, isTrue: (seen: T) => boolean, withinMs = 10_000): Promise<T> => {
  const until = Date.now() + withinMs
  for (;;) {
    const seen = await look()
    if (isTrue(seen)) return seen
    if (Date.now() > until) throw new Error(`not within ${withinMs} ms; last seen: ${JSON.stringify(seen)}`)
    await sleep(50)
  }
}

/** Does anybody listen there? */
export const listens = (address: string | number): Promise<boolean> =>
  new Promise((done) => {
    const socket = typeof address === 'string' ? createConnection(address) : createConnection(address, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.once('error', () => done(false))
  })
