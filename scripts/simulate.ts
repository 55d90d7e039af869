/** `npm run simulate`: what would one Cloudflare account do, and what would it cost? See lib/simulate/service.ts for what is simulated and docs/scaling.md for what came of it. */
import { EXIT, runCommand, type Values } from './lib/command.ts'
import { SIMULATE, sceneOf } from './lib/simulate/args.ts'
import { measureCpu } from './lib/simulate/measure.ts'
import { costsOf, costsText, measureText, outcomeText } from './lib/simulate/report.ts'
import { runScene } from './lib/simulate/run.ts'
import type { Scene } from './lib/simulate/scene.ts'

const MEASURED_BYTES = 32_000_000
const MEASURED_TURNS = 5

interface Answer {
  readonly json: unknown
  readonly text: string
}

const simulated = (scene: Scene): Answer => {
  const outcome = runScene(scene)
  return { json: outcome, text: outcomeText(scene, outcome) }
}

const measured = async (): Promise<Answer> => {
  const measures = await measureCpu(MEASURED_BYTES, MEASURED_TURNS)
  return { json: measures, text: measureText(measures) }
}

const answerTo = (values: Values, scene: Scene): Answer | Promise<Answer> => {
  if (values.measure) return measured()
  return values.costs ? { json: costsOf(scene), text: costsText(scene) } : simulated(scene)
}

await runCommand(SIMULATE, async (values) => {
  const { json, text } = await answerTo(values, sceneOf(values))
  process.stdout.write(values.json ? `${JSON.stringify(json, null, 2)}\n` : text)
  return EXIT.done
})
