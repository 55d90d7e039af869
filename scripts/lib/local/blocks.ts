/**
 * The bytes of a list on this machine, block by block, from a file or from stdin as they come. No more than a block is held, whatever the list's size.
 * A block is at most LIMITS.blockBytes and is overwritten by the next step.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { LIMITS } from '../../../shared/base/limits.ts'
import { systemFailure } from './failure.ts'

const STDIN = 0

export type Blocks = AsyncGenerator<Uint8Array, void, undefined>

/** Read in this thread: a block of a file in the page cache takes 30 µs, less than a way through the thread pool. Now and then signals are let in. */
async function* fromDescriptor(fd: number, name: string): Blocks {
  const block = new Uint8Array(LIMITS.blockBytes)
  for (let sinceTurn = 0; ; ) {
    const bytes = systemFailure(`read ${name}`, () => readSync(fd, block))
    if (bytes === 0) return
    yield block.subarray(0, bytes)
    sinceTurn += bytes
    if (sinceTurn < LIMITS.yieldBytes) continue
    sinceTurn = 0
    await turn()
  }
}

async function* fromPipe(signal: AbortSignal): Blocks {
  const stop = (): void => void process.stdin.destroy(signal.reason as Error)
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const chunk of process.stdin as AsyncIterable<Uint8Array>)
      for (let at = 0; at < chunk.length; at += LIMITS.blockBytes) yield chunk.subarray(at, at + LIMITS.blockBytes)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** Stdin, be it a pipe, a terminal or a file; waiting for a slow writer ends when `signal` is aborted, with its reason. */
export const stdinBlocks = (signal: AbortSignal): Blocks => (fstatSync(STDIN).isFile() ? fromDescriptor(STDIN, 'stdin') : fromPipe(signal))

/** A file, read from its first byte on. */
export async function* fileBlocks(file: string): Blocks {
  const fd = systemFailure(`open ${file}`, () => openSync(file, 'r'))
  try {
    yield* fromDescriptor(fd, file)
  } finally {
    closeSync(fd)
  }
}
