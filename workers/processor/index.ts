/** The processor: does what nobody waits for. Messages go to their consumers, the cron's tick to the schedules. */
import { type Bindings, portsOf } from '../../shared/bindings.ts'
import { makeEngine } from '../../shared/csv/engine.ts'
import kernel from '../../shared/csv/kernel/kernel.wasm'
import { consume } from './consume.ts'
import { tick } from './schedules/tick.ts'

const engine = makeEngine(kernel)

export default {
  queue: (batch, env) => consume(batch, portsOf(env, engine)),
  scheduled: (controller, env) => tick(portsOf(env, engine), Number(controller.scheduledTime)),
} satisfies ExportedHandler<Bindings>
