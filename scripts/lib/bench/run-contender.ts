/** The process of one contender (see seat.ts): prepares it, then runs it once for each message, and says how long that took. */
import { contenderOf } from './contenders.ts'
import type { News, Order } from './seat.ts'

const say = (news: News): void => void process.send?.(news)
const failure = (error: unknown): News => ({ error: error instanceof Error ? error.message : String(error) })

const { contender, task } = JSON.parse(process.argv[2] ?? '') as Order

process.on('disconnect', () => process.exit())
try {
  const runner = await contenderOf(contender).prepare(task)
  process.on('message', async ({ out }: { out: string }) => {
    try {
      const from = performance.now()
      const outcome = await runner.run(out)
      say({ ms: performance.now() - from, outcome })
    } catch (error) {
      say(failure(error))
    }
  })
  say({ ready: true })
} catch (error) {
  say(failure(error))
}
