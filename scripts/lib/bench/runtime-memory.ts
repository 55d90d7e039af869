/** How much memory do the runtimes of a service take? Linux only: read from /proc, and found by the state folder in their environment. */
import { readdirSync, readFileSync } from 'node:fs'
import { CommandError } from '../command.ts'

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

const KIB_A_MIB = 1024

/** `VmHWM`: the most that a process ever had; `VmRSS`: what it has now. */
export type MemoryField = 'VmHWM' | 'VmRSS'

/** The processes of workerd that were started for this state folder, each with its memory in MiB. */
const workerds = (state: string, field: MemoryField): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => /\/workerd\0/.test(textOf(`/proc/${pid}/cmdline`)))
    .filter((pid) => textOf(`/proc/${pid}/environ`).split('\0').includes(`LIST_CUTTER_STATE=${state}`))
    .flatMap((pid) => {
      const kib = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(textOf(`/proc/${pid}/status`))?.[1]
      return kib ? [Number(kib) / KIB_A_MIB] : []
    })

/** Of the largest of them: the one that runs our workers, the other only hands requests on. Throws CommandError where there is none. */
export const runtimeMemory = (state: string, field: MemoryField): number => {
  const found = workerds(state, field)
  if (found.length === 0) throw new CommandError('No workerd is running whose memory could be read.')
  return Math.max(...found)
}

export const refuseWithoutProc = (): void => {
  if (process.platform !== 'linux') throw new CommandError("A process's memory can be read on Linux only.")
}
