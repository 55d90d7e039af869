/** A service apart from the one that people use: a state folder of its own, set up from nothing. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { CommandError } from './command.ts'
import { pinnedNode, ROOT } from './places.mjs'

/** Makes an empty state under `folder`, which is this process's from now on, and that of what it starts. Throws CommandError. */
export const makeOwnState = (folder: string): string => {
  const state = path.join(folder, 'state')
  rmSync(state, { recursive: true, force: true })
  process.env.LIST_CUTTER_STATE = state
  const { status } = spawnSync(pinnedNode(), [path.join(ROOT, 'scripts/setup.mjs')], { stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new CommandError('The set-up of a service of its own failed.')
  return state
}
