/** How is the emulator started and ended? `wrangler dev` with both workers, in its own process group, its output in the log. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import { pinnedNode, ROOT, statePlaces, wranglerCli } from './places.mjs'

const READY_MS = 60_000
const END_MS = 5_000
const PORT = 8787
/** The log of a service that stays is started anew when it has grown to this. */
const LOG_BYTES_MAX = 64 * 1024 * 1024

export interface Wrangler {
  /** The address, once the API answers. */
  readonly ready: Promise<string>
  /** Resolves when no process of it is left. */
  end(): Promise<void>
  /** Kills all of it at once, as a crash does; resolves with the id of its process group when wrangler is gone. `onExit` is not told. */
  kill(): Promise<number>
}

/** Loaded into wrangler: when the supervisor is gone, its channel closes, and the whole group goes too. */
const END_WITH_PARENT = `data:text/javascript,process.once('disconnect',()=>{process.kill(process.pid,'SIGTERM');setTimeout(()=>process.kill(-process.pid,'SIGKILL'),${END_MS}).unref()})`

const freePort = (wanted: number): Promise<number> =>
  new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', (error) => (wanted === 0 ? fail(error) : done(freePort(0))))
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => done(port))
    })
  })

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  X_LOCAL_OBSERVABILITY: 'false',
  // Without its own registry another checkout's processor could be ticked in place of ours.
  WRANGLER_REGISTRY_PATH: statePlaces().registry,
  WRANGLER_LOG_PATH: statePlaces().wranglerLogs,
  // An isolate gets 128 MB on Cloudflare, so it gets no more heap here. Left alone the runtime lets garbage lie while memory is free:
  // after three jobs of 200 MB it had grown by 32 % over the first, with this by 8 %.
  MINIFLARE_WORKERD_V8_FLAGS: '--max-old-space-size=128 --max-semi-space-size=4 --optimize-for-size',
  FORCE_COLOR: '0',
})

/** The first of them answers. */
const BOTH_WORKERS = ['wrangler.api.toml', 'wrangler.processor.toml'] as const

const flags = (configs: readonly string[], port: number, inspectorPort: number): string[] => [
  ...[...configs.flatMap((config) => ['--config', config]), '--persist-to', statePlaces().state],
  ...['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', String(inspectorPort), '--show-interactive-dev-session=false'],
]

const spawnWrangler = async (configs: readonly string[]): Promise<ChildProcess> => {
  const { registry, wranglerLogs, serviceLog } = statePlaces()
  // Entries of a killed predecessor stay there and would be asked in vain.
  for (const folder of [registry, wranglerLogs]) rmSync(folder, { recursive: true, force: true })
  const port = await freePort(PORT)
  const inspectorPort = await freePort(0)
  const child = spawn(
    pinnedNode(),
    ['--no-warnings', '--import', END_WITH_PARENT, wranglerCli(), 'dev', ...flags(configs, port, inspectorPort)],
    {
      cwd: ROOT,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    },
  )
  keepLog(child, serviceLog)
  return child
}

const keepLog = (child: ChildProcess, file: string): void => {
  let log = openSync(file, 'w', 0o600)
  let bytes = 0
  const keep = (piece: Uint8Array): void => {
    if (bytes > LOG_BYTES_MAX) {
      closeSync(log)
      log = openSync(file, 'w', 0o600)
      bytes = 0
    }
    bytes += writeSync(log, piece)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
}

/** The port, when wrangler says that it listens. */
const listening = (child: ChildProcess): Promise<string> =>
  new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`wrangler did not start within ${READY_MS / 1000} s`)), READY_MS)
    child.once('error', fail)
    child.once('exit', (code, signal) => fail(new Error(`wrangler ended at its start (${signal ?? `code ${code}`})`)))
    child.on('message', (message) => {
      const { event, ip, port } = JSON.parse(String(message)) as { event: string; ip: string; port: number }
      if (event !== 'DEV_SERVER_READY') return
      clearTimeout(timer)
      done(`http://${ip}:${port}`)
    })
  })

/** Asks the API until it answers: wrangler is ready a moment before the workers are. */
const answering = async (url: string): Promise<string> => {
  const until = Date.now() + READY_MS
  for (;;) {
    const response = await fetch(`${url}/api/v1/health`, { signal: AbortSignal.timeout(5_000) }).catch(() => null)
    if (response?.ok) return url
    if (Date.now() > until) throw new Error(`the API does not answer (${response ? `status ${response.status}` : 'no connection'})`)
    await new Promise((done) => setTimeout(done, 100))
  }
}

const signalGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch {
    // Nobody is left in the group.
  }
}

/** Wrangler ends its runtimes before it ends itself; whoever is still there then has had its time. (Waiting for an empty group would be waiting for the system to collect its dead.) */
const endGroup = async (child: ChildProcess): Promise<void> => {
  const isGone = child.exitCode !== null || child.signalCode !== null
  const gone = isGone ? Promise.resolve() : new Promise<void>((done) => child.once('exit', () => done()))
  signalGroup(child, 'SIGTERM')
  const hurry = setTimeout(() => signalGroup(child, 'SIGKILL'), END_MS)
  await gone
  clearTimeout(hurry)
  signalGroup(child, 'SIGKILL')
}

/** A port that was free a moment ago can be somebody else's by now: a start that fails is tried once more, with other ports. */
const RESTARTS_MAX = 1

const killGroup = async (child: ChildProcess): Promise<number> => {
  const gone = new Promise<void>((done) => child.once('exit', () => done()))
  signalGroup(child, 'SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await gone
  return child.pid ?? 0
}

/** Starts the emulator. `onExit`: it ended without being asked to. `configs`: other workers than ours; the first of them answers the API's health path. */
export const startWrangler = (onExit: () => void, configs: readonly string[] = BOTH_WORKERS): Wrangler => {
  let started = spawnWrangler(configs)
  let isEnding = false
  const begin = async (restartsLeft: number): Promise<string> => {
    const child = await started
    const url = await listening(child).catch(async (error) => {
      if (isEnding || restartsLeft === 0) throw error
      await endGroup(child)
      started = spawnWrangler(configs)
      return null
    })
    if (url === null) return begin(restartsLeft - 1)
    child.once('exit', () => void (isEnding || onExit()))
    return answering(url)
  }
  const ready = begin(RESTARTS_MAX)
  ready.catch(() => {})
  return {
    ready,
    end: async () => {
      isEnding = true
      await endGroup(await started)
    },
    kill: async () => {
      isEnding = true
      return killGroup(await started)
    },
  }
}
