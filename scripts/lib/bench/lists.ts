/** Which list does a scenario work on? Makes it if need be and describes it once for all contenders. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { HEADER_SAMPLE_BYTES, sniff } from '../../../shared/csv/sniff/sniff.ts'
import type { List } from './contender.ts'
import { gzipped, madeList, realList } from './data.ts'
import type { Scenario } from './scenarios.ts'

const headOf = (file: string): Buffer => {
  const head = Buffer.alloc(HEADER_SAMPLE_BYTES)
  const opened = openSync(file, 'r')
  try {
    return head.subarray(0, readSync(opened, head))
  } finally {
    closeSync(opened)
  }
}

/** What there is to know about a CSV with a header, double quotes and lines that end with LF. */
export const describeList = (file: string, delimiter: string): List => {
  const head = headOf(file)
  const bytes = statSync(file).size
  const sniffed = sniff(head, head.length === bytes, { delimiter, quote: '"', header: true, newline: 'lf' })
  if (!sniffed.ok) throw new Error(`${file}: ${sniffed.problem.detail}`)
  const { dialect, columns } = sniffed
  return { path: file, bytes, isGzip: false, dialect, columns, header: head.toString('utf8', 0, dialect.headerEnd) }
}

/** The scenario's list of `bytes`; null: it is a real one that is not here. */
export const listFor = async ({ data }: Scenario, folder: string, bytes: number): Promise<List | null> => {
  const file = 'made' in data ? await madeList(folder, data.made, bytes) : await realList(folder, data.real, bytes)
  if (!file) return null
  const list = describeList(file, ('real' in data && data.delimiter) || ',')
  return 'made' in data && data.gzip ? { ...list, path: await gzipped(file), isGzip: true } : list
}

/** A way to the null device by a link of ours: what replaces the file it writes to replaces the link. */
export const nullSink = async (folder: string): Promise<string> => {
  const link = path.join(folder, 'null')
  if (!existsSync(link)) await symlink(os.devNull, link)
  return link
}
