/** Runs the wrangler of the lock file on the pinned Node, without its banner and questions. */
import { spawn } from 'node:child_process'
import { pinnedNode, ROOT, wranglerCli } from './places.mjs'

const QUIET = { WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', CI: '1', FORCE_COLOR: '0' }

/** Resolves with what it printed; throws with it unless wrangler ends with 0. */
export const runWrangler = (args: readonly string[]): Promise<string> =>
  new Promise((done, fail) => {
    const child = spawn(pinnedNode(), ['--no-warnings', wranglerCli(), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...QUIET },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        output += data
      })
    child.once('error', fail)
    child.once('close', (code) =>
      code === 0 ? done(output) : fail(new Error(`wrangler ${args.slice(0, 3).join(' ')} failed:\n${output}`)),
    )
  })
