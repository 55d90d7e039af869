/** Who turns the clock locally? The emulator fires no cron: the supervisor fires the processor's, through the emulator's own endpoint. */

const TICK_MS = 2_500
const ANSWER_MS = 30_000
/** After this many ticks without any answer the emulator is lost; one or two are a restart of its runtime. */
const SILENT_TICKS_MAX = 3

/** Where the emulator takes orders that are not the product's. */
export const emulatorApi = (url: string, path: string): string => new URL(`/cdn-cgi/local/explorer/api${path}`, url).href

/** One tick of the processor: what went wrong, or null. `at`: as of another moment than now. Throws if nobody answers. */
export const tickOnce = async (url: string, at?: number): Promise<string | null> => {
  const response = await fetch(emulatorApi(url, '/local/scheduled?worker=list-cutter-processor'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ cron: '* * * * *', ...(at === undefined ? {} : { scheduled_time: at }) }),
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  const answer = (await response.json()) as { success?: boolean; result?: { outcome?: string }; errors?: { message: string }[] }
  if (answer.success && answer.result?.outcome === 'ok') return null
  return answer.errors?.[0]?.message ?? `outcome ${answer.result?.outcome}`
}

/** Ticks at once and then every few seconds, one after the other, until stopped; `onSilence` when nobody answers any more. */
export const startTicking = (url: string, onSilence: () => void): (() => void) => {
  let silentTicks = 0
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const turn = async (): Promise<void> => {
    try {
      const wrong = await tickOnce(url)
      silentTicks = 0
      if (wrong) process.stderr.write(`tick: ${wrong}\n`)
    } catch {
      silentTicks++
    }
    if (isStopped) return
    if (silentTicks >= SILENT_TICKS_MAX) onSilence()
    else timer = setTimeout(turn, TICK_MS)
  }
  void turn()
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}
