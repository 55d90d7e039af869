/** What happens on Ctrl-C? The first ends the work in good order, the second at once. */

/** The user (or the system) asked us to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode: number

  constructor(exitCode: number) {
    super('Canceled.')
    this.exitCode = exitCode
  }
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** One Ctrl-C may arrive twice: from the terminal, and handed on by npm. */
const ECHO_MS = 250

/** Aborted with Interrupted on the first signal; the second ends the process. `onFirst` says so. */
export const interruptSignal = (onFirst: () => void): AbortSignal => {
  const stop = new AbortController()
  let firstAt = 0
  for (const [signal, exitCode] of Object.entries(EXIT_CODES)) {
    process.on(signal, () => {
      if (stop.signal.aborted) {
        if (Date.now() - firstAt > ECHO_MS) process.exit(exitCode)
        return
      }
      firstAt = Date.now()
      onFirst()
      stop.abort(new Interrupted(exitCode))
    })
  }
  return stop.signal
}

/** The work's outcome, or the signal's reason as soon as it is aborted. The work itself goes on unheard. */
export const unlessAborted = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  work.catch(() => {})
  return new Promise((done, fail) => {
    const give = (): void => fail(signal.reason)
    if (signal.aborted) give()
    signal.addEventListener('abort', give, { once: true })
    work.then(done, fail).finally(() => signal.removeEventListener('abort', give))
  })
}
