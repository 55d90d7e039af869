/** How does a result get to its place whole or not at all? Under a draft's name first, checked against what the service said, then renamed. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { CommandError } from './command.ts'

/** What the file must be: bytes, and SHA-256 where it is known. */
export interface Expected {
  readonly bytes: number
  readonly sha256?: string | null
}

type OnBytes = (bytes: number) => void

const chunksOf = async function* (response: Response): AsyncGenerator<Uint8Array> {
  if (response.body) for await (const chunk of response.body) yield chunk as Uint8Array
}

/** Passes the body on, piece by piece, and checks it at the end. Throws CommandError when it is not what was expected. */
const passOn = async (
  response: Response,
  expected: Expected,
  onBytes: OnBytes,
  put: (chunk: Uint8Array) => Promise<unknown>,
): Promise<void> => {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of chunksOf(response)) {
    hash.update(chunk)
    await put(chunk)
    bytes += chunk.length
    onBytes(bytes)
  }
  if (bytes !== expected.bytes)
    throw new CommandError(`The download has ${bytes} bytes where ${expected.bytes} were announced. Run the command again.`)
  if (expected.sha256 && hash.digest('hex') !== expected.sha256)
    throw new CommandError('The download has another SHA-256 than announced. Run the command again.')
}

const publish = async (draft: string, file: string, isReplacing: boolean): Promise<void> => {
  if (isReplacing) return rename(draft, file)
  try {
    // Unlike a rename, a link never replaces what appeared in the meantime.
    await link(draft, file)
    await rm(draft)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new CommandError(`${file} has appeared in the meantime. Use --force to replace it.`)
    await rename(draft, file)
  }
}

/** A file on its way: under a name of its own until it is whole. Whoever opens one publishes or discards it. */
export class Draft {
  readonly #file: string
  readonly #draft: string
  readonly #handle: FileHandle

  private constructor(file: string, draft: string, handle: FileHandle) {
    this.#file = file
    this.#draft = draft
    this.#handle = handle
  }

  static async open(file: string): Promise<Draft> {
    const draft = `${file}.${process.pid}.part`
    return new Draft(file, draft, await open(draft, 'w'))
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#handle.writeFile(bytes)
  }

  /** Puts it in its place. Throws CommandError where a file has appeared there that is not to be replaced. */
  async publish(isReplacing: boolean): Promise<void> {
    await this.#handle.close()
    await publish(this.#draft, this.#file, isReplacing)
  }

  /** Leaves nothing behind. After a successful `publish` there is nothing left to discard. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {})
    await rm(this.#draft, { force: true })
  }
}

/** Puts the body into a file that is complete as soon as it is there. */
export const saveFile = async (
  response: Response,
  file: string,
  expected: Expected,
  isReplacing: boolean,
  onBytes: OnBytes,
): Promise<void> => {
  const draft = await Draft.open(file)
  try {
    await passOn(response, expected, onBytes, (chunk) => draft.write(chunk))
    await draft.publish(isReplacing)
  } catch (error) {
    await draft.discard()
    throw error
  }
}

/** Resolves when the stream has taken the bytes: until then they may not be overwritten. */
export const written = (stream: Writable, chunk: Uint8Array): Promise<void> =>
  new Promise((done, fail) => stream.write(chunk, (error) => (error ? fail(error) : done())))

/** Passes the body on to stdout, or to a device or pipe by its path. */
export const streamOut = async (response: Response, place: string | null, expected: Expected, onBytes: OnBytes): Promise<void> => {
  const stream = place === null ? process.stdout : createWriteStream(place)
  await passOn(response, expected, onBytes, (chunk) => written(stream, chunk))
  if (place !== null) await new Promise<void>((done) => stream.end(done))
}
