/**
 * Where do the lists of the benchmark come from? From a seed, or from real lists that lie beside the checkout, repeated to size; never from a network. A list is made once: its name holds
 * everything that it depends on, and it appears under that name when it is whole.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { ROOT, treeDigest } from '../places.mjs'
import { seeded } from '../seeded.ts'
import { SHAPES, type ShapeName } from './shapes.ts'

export const SEED = 20_261_126
/** Where the lists lie unless somebody says otherwise; git ignores it. */
export const DATA_FOLDER = path.join(ROOT, '.wrangler/bench')
/** Real lists, if this checkout has them at its side. */
const REAL_FOLDER = path.join(ROOT, '../shared/data')

const PIECE_CHARS = 1024 * 1024

/** A list's bytes in pieces of about a megabyte: the header, then rows until `bytes` are reached. */
export function* listPieces(name: ShapeName, bytes: number, seed: number = SEED): Generator<Buffer> {
  const shape = SHAPES[name]
  const draw = seeded(seed)
  let piece: string = shape.header
  for (let total = 0, number = 1; ; number++) {
    if (piece.length >= PIECE_CHARS || total + piece.length >= bytes) {
      const encoded = Buffer.from(piece)
      total += encoded.length
      piece = ''
      yield encoded
      if (total >= bytes) return
    }
    piece += shape.row(draw, number)
  }
}

/** Puts the file there unless it is; half a file never has its name, and two that make it at once do not meet. */
const made = async (file: string, write: (draft: string) => Promise<void>): Promise<string> => {
  if (existsSync(file)) return file
  mkdirSync(path.dirname(file), { recursive: true })
  const draft = `${file}.${randomUUID()}`
  try {
    await write(draft)
    renameSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
  return file
}

const writePieces =
  (pieces: Iterable<Uint8Array>) =>
  async (draft: string): Promise<void> =>
    pipeline(pieces, createWriteStream(draft))

/** Digest of what makes the lists: when it changes, so do their names. */
const makerDigest = (): string => treeDigest(['scripts/lib/seeded.ts', 'scripts/lib/bench/shapes.ts']).slice(0, 8)

const sizeName = (bytes: number): string => `${bytes / 1e6}mb`

/** The path of a made-up list of `bytes` (and the rest of its last row). */
export const madeList = (folder: string, name: ShapeName, bytes: number): Promise<string> =>
  made(path.join(folder, `${name}-${SEED}-${makerDigest()}-${sizeName(bytes)}.csv`), writePieces(listPieces(name, bytes)))

/** The path of a real list, its rows repeated until `bytes` are reached; null: this checkout has no such list at its side. */
export const realList = async (folder: string, name: string, bytes: number): Promise<string | null> => {
  const source = path.join(REAL_FOLDER, name)
  if (!existsSync(source)) return null
  const once = readFileSync(source)
  const body = once.subarray(once.indexOf('\n') + 1)
  const times = Math.max(1, Math.ceil((bytes - once.length) / body.length) + 1)
  const digest = createHash('sha256').update(once).digest('hex').slice(0, 8)
  const pieces = [once, ...Array.from({ length: times - 1 }, () => body)]
  return made(path.join(folder, `${path.parse(name).name}-${digest}-${sizeName(bytes)}.csv`), writePieces(pieces))
}

/** The list as one gzip member. */
export const gzipped = (list: string): Promise<string> =>
  made(`${list}.gz`, async (draft) => pipeline(createReadStream(list), createGzip(), createWriteStream(draft)))
