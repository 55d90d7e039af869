/** What do readers in JavaScript have in common? A stream of text in, a function over cells, counted rows, and text out to a file. */
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { List } from '../contender.ts'
import type { Scenario } from '../scenarios.ts'

/** Read at once; from 64 KiB to 4 MiB it makes no difference to any of them. */
const PIECE_BYTES = 256 * 1024

/** The list as a stream of bytes, inflated. */
export const bytesOf = ({ path, isGzip }: List): Readable => {
  const bytes = createReadStream(path, { highWaterMark: PIECE_BYTES })
  return isGzip ? bytes.pipe(createGunzip({ chunkSize: PIECE_BYTES })) : bytes
}

/** The list as a stream of texts. */
export const textOf = (list: List): Readable => bytesOf(list).setEncoding('utf8')

/** The scenario's test on the cells of a row of this list. */
export const keepsOf = ({ keeps }: Scenario, { columns }: List): ((cells: readonly string[]) => boolean) =>
  keeps((name) => columns.indexOf(name))

/** Where texts go; written when enough have come together. */
export const textFile = (path: string) => {
  const file = openSync(path, 'w')
  let pending = ''
  const flush = (): void => {
    const bytes = Buffer.from(pending)
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    pending = ''
  }
  return {
    write: (text: string): void => {
      pending += text
      if (pending.length >= PIECE_BYTES) flush()
    },
    close: (): void => {
      flush()
      closeSync(file)
    },
  }
}
