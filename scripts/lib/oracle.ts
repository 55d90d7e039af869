/** What must come of a job? The same specification over the same list in this process: no chunks, no queue, no database, no bucket; and with the twin no kernel either. */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { canonicalJson } from '../../shared/base/json.ts'
import type { Engine } from '../../shared/csv/engine.ts'
import { runHere } from './local/engine.ts'
import { LocalOutput } from './local/output.ts'
import { withList } from './local/source.ts'
import type { Progress } from './progress.ts'
import type { RowNumbers } from './summary.ts'

/** What is asked of a list. */
export interface Ask {
  readonly operation: 'filter' | 'count' | 'analyse'
  readonly spec: Readonly<Record<string, unknown>>
}

export interface Expected {
  readonly rows: RowNumbers
  /** SHA-256 of the output and of the rejects; null: there are none. */
  readonly output: string | null
  readonly rejects: string | null
  /** What the operation says, as JSON. */
  readonly answer: string
  readonly warnings: string
}

const QUIET: Progress = { stage: () => {}, update: () => {}, clear: () => {} }

export const hashOf = async (bytes: AsyncIterable<Uint8Array>): Promise<string> => {
  const hash = createHash('sha256')
  for await (const piece of bytes) hash.update(piece)
  return hash.digest('hex')
}

const fileHash = async (file: string): Promise<string | null> => (existsSync(file) ? hashOf(createReadStream(file)) : null)

/** The answer of an operation without what a list that nobody keeps does not have. */
export const bareAnswer = (answer: Readonly<Record<string, unknown>>): string => canonicalJson({ ...answer, file: null, etag: null })

/** Runs what is asked over the list that lies at `list`. */
export const expect = async (list: string, { operation, spec }: Ask, engine: Engine): Promise<Expected> => {
  const out = `${list}.expected`
  const rejects = `${out}.rejects`
  const target =
    operation === 'filter' ? ({ kind: 'path', path: out, rejects, isReplacing: true } as const) : ({ kind: 'answer', head: 0 } as const)
  const signal = new AbortController().signal
  const source = { kind: 'path', path: list, name: path.basename(list), bytes: 0 } as const
  try {
    const found = await withList(source, {}, QUIET, signal, async (open) => {
      const output = await LocalOutput.open(target, open.header.lines)
      const ran = await runHere(open, { operation, spec, clause: null }, output, QUIET, signal, engine)
      await output.finish()
      return ran
    })
    return {
      rows: {
        rows_in: found.rowsIn,
        rows_out: found.rowsOut,
        rows_filtered: found.rowsFiltered,
        rows_rejected: found.rowsRejected,
        blank_lines: found.blankLines,
      },
      output: await fileHash(out),
      rejects: await fileHash(rejects),
      answer: bareAnswer(found.answer),
      warnings: JSON.stringify(found.warnings),
    }
  } finally {
    for (const file of [out, rejects]) rmSync(file, { force: true })
  }
}
