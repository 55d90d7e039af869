/** A place of its own with a list, and what is known about the service that commands start there. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { expect } from 'vitest'
import { samplePieces } from '../../scripts/lib/sample.ts'
import { eventually, listens, newPlace, type Running } from './cli.ts'

const PLACES = path.join(import.meta.dirname, '../../scripts/lib/places.mjs')

const socketOf = (state: string): string =>
  spawnSync(
    process.execPath,
    ['--input-type=module', '-e', `import { socketPath } from ${JSON.stringify(PLACES)}; console.log(socketPath())`],
    {
      env: { ...process.env, LIST_CUTTER_STATE: state },
      encoding: 'utf8',
    },
  ).stdout.trim()

/** Where a service listens. */
export interface Listening {
  readonly socket: string
  readonly port: number
}

/** A place with `people.csv`, set up by `prepare`. */
export const newListPlace = (name: string) => {
  const place = newPlace(name)
  const rows = parse([...samplePieces(20_000)].join(''), { columns: true, skip_empty_lines: true }) as Record<string, string>[]
  return {
    place,
    rows,
    prepare: async (): Promise<void> => {
      mkdirSync(place.state, { recursive: true })
      writeFileSync(place.file('people.csv'), stringify(rows, { header: true }))
      expect(await place.run('setup.mjs').ended).toMatchObject({ code: 0 })
    },
    /** The place's socket. */
    socket: (): string => socketOf(place.state),
    /** Where the service is that this command uses, once it has one. */
    serviceOf: async (command: Running): Promise<Listening> => {
      await command.saying(/uploading|queued/)
      const log = await eventually(
        () => readFileSync(path.join(place.state, 'service.log'), 'utf8'),
        (text) => /Ready on/.test(text),
      )
      return { socket: socketOf(place.state), port: Number(/Ready on http:\/\/127\.0\.0\.1:(\d+)/.exec(log)?.[1]) }
    },
    nothingIsLeft: async ({ socket, port }: Listening): Promise<void> => {
      await eventually(place.processes, (found) => found.length === 0)
      expect(await listens(port)).toBe(false)
      expect(await listens(socket)).toBe(false)
    },
  }
}
