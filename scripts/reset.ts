/** `npm run reset`: empties the local state (files, jobs, key, sample). Not while a service uses it: `--force` ends that first. */
import { readdirSync, rmdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { type Command, CommandError, EXIT, runCommand, type Values } from './lib/command.ts'
import { withLock } from './lib/lock.mjs'
import { serviceLock, socketPath, statePlaces } from './lib/places.mjs'
import { askToEnd, connectTo, newsFrom } from './lib/protocol.ts'

const RESET: Command = {
  usage: 'npm run reset [-- --force]',
  about: 'Empties the local state: every file, job and key of the local service. Local secrets (.dev.vars) stay.',
  options: { force: { type: 'boolean', short: 'f', help: 'End a running service first.' } },
}

const endService = async (isForced: boolean): Promise<void> => {
  const socket = await connectTo(socketPath())
  if (!socket) return
  if (isForced) return askToEnd(socket)
  for await (const { pid, url } of newsFrom(socket)) {
    socket.destroy()
    throw new CommandError(`A service is running on this state (process ${pid}${url ? `, ${url}` : ''}). End it first, or use --force.`)
  }
}

/** Only what is ours, by name: the state folder may have been pointed at any folder. */
const OURS =
  /^(v3|registry|wrangler-logs|tmp|key(\.\d+)?|ready|migrated(\.\d+)?|seeded(\.\d+)?|service\.log|supervisor\.log|stdin\.\d+\.csv|sample\.csv(\.\d+)?|sample\.cut\.(rejects\.)?csv(\.\d+\.part)?)$/

const empty = (folder: string): void => {
  const names = readdirSync(folder)
  for (const name of names.filter((found) => OURS.test(found))) rmSync(path.join(folder, name), { recursive: true, force: true })
  if (names.every((found) => OURS.test(found))) rmdirSync(folder)
}

const main = async (values: Values): Promise<number> => {
  await withLock(serviceLock(), async () => {
    await endService(values.force === true)
    empty(statePlaces().state)
  })
  process.stderr.write(`${statePlaces().state} is empty. The next command sets it up anew.\n`)
  return EXIT.done
}

await runCommand(RESET, main)
