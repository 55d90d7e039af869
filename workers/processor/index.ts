/** The processor: does what nobody waits for. Messages go to their consumers, the cron's tick to the schedules. */
import { type Bindings, portsOf } from '../../shared/bindings.ts'
import { consume } from './consume.ts'
import { tick } from './schedules/tick.ts'

export default {
  queue: (batch, env) => consume(batch, portsOf(env)),
  scheduled: (controller, env) => tick(portsOf(env), Number(controller.scheduledTime)),
} satisfies ExportedHandler<Bindings>
