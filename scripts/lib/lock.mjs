/**
 * May I be the only one who does this right now? An exclusive lock between processes of one machine, with built-ins only (it is needed before anything is installed).
 *
 * A lock is a series of files `{path}.{n}`. The one with the highest n counts; it names the processes that hold it, or nobody. Taking the lock is creating n + 1
 * exclusively when n is free or its holders are dead, and then seeing that nothing higher has appeared. The highest file is never removed, so numbers only grow:
 * that is what makes taking over a dead holder's lock safe, where "unlink and create again" lets two in. The trade-off is one small file that stays.
 */
import { appendFileSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const POLL_MS = 50

/** When a process began, so that a reused process id is not taken for it; empty where the system does not say. */
const startOf = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

const isAlive = (pid, start) => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
  return start === '' || startOf(pid) === start
}

const holderLine = (pid) => `${pid} ${startOf(pid)}\n`

/** Numbers of the lock's files, highest first. */
const numbersOf = (lockPath) => {
  const prefix = `${path.basename(lockPath)}.`
  return readdirSync(path.dirname(lockPath))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => b - a)
}

/** The living holders named by a lock file; none for a released one. */
const holdersOf = (file) => {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([pid, start]) => Number(pid) > 0 && isAlive(Number(pid), start ?? ''))
      .map(([pid]) => Number(pid))
  } catch {
    return []
  }
}

/** Creates `file` with its content in one step; false if it is there already. */
const createWhole = (file, content) => {
  const draft = `${file}.${process.pid}.draft`
  writeFileSync(draft, content)
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** A draft whose maker died between writing and linking is of no use to anybody. */
const sweepDrafts = (lockPath) => {
  const folder = path.dirname(lockPath)
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${path.basename(lockPath)}.`) || !name.endsWith('.draft')) continue
    const file = path.join(folder, name)
    const ageMs = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (ageMs > 60_000) rmSync(file, { force: true })
  }
}

/** Takes the lock if it is free: the lock, or the process ids that hold it. */
export const tryLock = (lockPath) => {
  mkdirSync(path.dirname(lockPath), { recursive: true })
  const highest = numbersOf(lockPath)[0] ?? 0
  const holders = highest === 0 ? [] : holdersOf(`${lockPath}.${highest}`)
  if (holders.length > 0) return { held: false, holders }
  const mine = `${lockPath}.${highest + 1}`
  if (!createWhole(mine, holderLine(process.pid))) return { held: false, holders: [] }
  if (numbersOf(lockPath)[0] !== highest + 1) {
    rmSync(mine, { force: true })
    return { held: false, holders: [] }
  }
  for (const older of numbersOf(lockPath).slice(1)) rmSync(`${lockPath}.${older}`, { force: true })
  sweepDrafts(lockPath)
  return {
    held: true,
    /** The lock is also held as long as this process lives: it goes on when we are killed. */
    share: (pid) => appendFileSync(mine, holderLine(pid)),
    release: () => writeFileSync(mine, ''),
  }
}

/** Runs `work` while holding the lock; waits for it as long as its holders live and says once, through `onWait`, that it does. */
export const withLock = async (lockPath, work, onWait = () => {}) => {
  let isTold = false
  for (;;) {
    const lock = tryLock(lockPath)
    if (lock.held) {
      try {
        return await work(lock)
      } finally {
        lock.release()
      }
    }
    if (lock.holders.length > 0 && !isTold) {
      isTold = true
      onWait(lock.holders)
    }
    await new Promise((done) => setTimeout(done, POLL_MS))
  }
}
