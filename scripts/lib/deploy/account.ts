/** How do we talk to the account? Through the `wrangler` on the PATH (npm puts the locked one there), never asking questions, its answers as text or JSON. */
import { spawn } from 'node:child_process'
import { CommandError } from '../command.ts'
import { ROOT } from '../places.mjs'

const QUIET = { WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', CI: '1', FORCE_COLOR: '0', NO_COLOR: '1' }
/** A failure is shown with this much of what wrangler said. */
const SHOWN_CHARS_MAX = 2_000

export interface Answer {
  readonly ok: boolean
  readonly stdout: string
  /** Both streams, as a person would see them. */
  readonly text: string
}

/** Runs wrangler and returns what it said, well or not. */
export const ask = (...args: readonly string[]): Promise<Answer> =>
  new Promise((done, fail) => {
    const child = spawn('wrangler', args, {
      cwd: ROOT,
      env: { ...process.env, ...QUIET },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let [stdout, text] = ['', '']
    child.stdout.on('data', (data) => {
      stdout += data
      text += data
    })
    child.stderr.on('data', (data) => {
      text += data
    })
    child.once('error', (cause) =>
      fail(new CommandError(`wrangler cannot be started: ${cause.message}. Run this through npm: npm run deploy`)),
    )
    child.once('close', (code) => done({ ok: code === 0, stdout, text }))
  })

const failure = (args: readonly string[], { text }: Answer): CommandError =>
  new CommandError(
    `wrangler ${args.join(' ')} failed:\n${text.trim().slice(-SHOWN_CHARS_MAX)}\n\nRun npm run deploy again when that is put right: it goes on from here.`,
  )

/** Runs wrangler; throws CommandError with what it said unless it succeeds. */
export const order = async (...args: readonly string[]): Promise<Answer> => {
  const answer = await ask(...args)
  if (!answer.ok) throw failure(args, answer)
  return answer
}

/** Makes something; that it is there already (made in the meantime, or not shown in a list) is as good. */
export const make = async (...args: readonly string[]): Promise<void> => {
  const answer = await ask(...args)
  if (!answer.ok && !/already (exists|taken|been taken|in use)|is already taken|overlap/i.test(answer.text)) throw failure(args, answer)
}

/** Asks about something: its answer, or null if wrangler says in one of these words that there is no such thing. Throws CommandError for any other failure. */
export const lookUp = async (missing: RegExp, ...args: readonly string[]): Promise<Answer | null> => {
  const answer = await ask(...args)
  if (answer.ok) return answer
  if (missing.test(answer.text)) return null
  throw failure(args, answer)
}

/** The JSON in an answer, whatever stands around it. */
export const jsonIn = <T>({ stdout }: Answer): T => {
  const from = stdout.search(/[[{]/)
  const to = Math.max(stdout.lastIndexOf(']'), stdout.lastIndexOf('}'))
  return JSON.parse(stdout.slice(from, to + 1)) as T
}
