/** Which processes of a group are alive? Read from /proc: one that has ended but was not collected yet is not alive. */
import { readdirSync, readFileSync } from 'node:fs'

/** `pid (name) state parent group …`; the name may hold anything. */
const isLivingIn = (group: number, pid: string): boolean => {
  try {
    const [state, , ofGroup] = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
    return Number(ofGroup) === group && state !== 'Z' && state !== 'X'
  } catch {
    return false
  }
}

export const livingInGroup = (group: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isLivingIn(group, name))
    .map(Number)
