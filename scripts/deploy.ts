/** `npm run deploy`: the whole service on your own Cloudflare account. Says for every step whether it was there or was made; run it again after any failure. */
import { type Command, EXIT, runCommand, type Values } from './lib/command.ts'
import { order } from './lib/deploy/account.ts'
import { WORKERS } from './lib/deploy/config.ts'
import { STEPS } from './lib/deploy/steps.ts'

const DEPLOY: Command = {
  usage: 'npm run deploy [-- --dry-run]',
  about:
    'Deploys to your Cloudflare account: makes what is missing, migrates the database, deploys both workers. Can be run again at any time.',
  options: { 'dry-run': { type: 'boolean', help: 'Only show the plan and build both workers; needs no account and no network.' } },
}

const say = (text: string): void => void process.stderr.write(`${text}\n`)

const showPlan = async (): Promise<void> => {
  say('The plan (each step looks first and is left out where its thing is there):')
  for (const { what, how } of STEPS()) say(`  ${what}\n      ${how}`)
  for (const worker of WORKERS) {
    await order('deploy', '--dry-run', '--config', `wrangler.${worker}.toml`, '--outdir', `dist/${worker}`)
    say(`  list-cutter-${worker} builds`)
  }
  say('Nothing was changed.')
}

const main = async (values: Values): Promise<number> => {
  if (values['dry-run']) await showPlan()
  else {
    for (const { what, isThere, make } of STEPS()) {
      const wasThere = await isThere()
      if (!wasThere) await make()
      say(`${wasThere ? 'there' : 'made '}  ${what}`)
    }
  }
  return EXIT.done
}

await runCommand(DEPLOY, main)
