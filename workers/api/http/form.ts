/**
 * A file in a form (multipart/form-data, RFC 7578), read as a stream: fields are small and kept, the one file flows through in pieces.
 * The parser is multipasta. It hands pieces out synchronously, so those of one block are collected and then given on; a block is at most 1 MiB.
 */
import { type MultipartError, make, type PartInfo } from 'multipasta'
import { concatBytes, utf8 } from '../../../shared/base/bytes.ts'
import { AppError } from '../../../shared/base/errors.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { type Disposition, parseDisposition } from './disposition.ts'

export interface FormFile {
  /** The fields met so far, in the order they came; the last ones are there when the pieces are through. */
  readonly fields: ReadonlyMap<string, string>
  /** Names of fields that came before the file. */
  readonly early: ReadonlySet<string>
  /** The file part's own words about itself. Null until it has begun. */
  readonly file: { readonly filename: string | null; readonly contentType: string | null } | null
  /** The bytes of the file. Throws `multipart_invalid`, and what the source throws. */
  readonly pieces: AsyncGenerator<Uint8Array, void, undefined>
}

const wrong = (detail: string, cause?: unknown) => new AppError('multipart_invalid', detail, cause === undefined ? {} : { cause })

/** What multipasta complains about -> what we say. */
const COMPLAINTS: Record<MultipartError['_tag'], string> = {
  InvalidBoundary: 'The Content-Type of the form has no boundary.',
  BadHeaders: 'The headers of a form part cannot be read.',
  InvalidDisposition: 'A form part has no name.',
  ReachedLimit: `A form has at most ${LIMITS.formPartsMax} parts, and a field at most ${LIMITS.formFieldBytesMax} bytes.`,
  EndNotReached: 'The form ends before its last boundary.',
}

const dispositionOf = (info: PartInfo): Disposition => parseDisposition([info.headers['content-disposition'] ?? ''].flat()[0] ?? '')

/** A part is the file if it says a file name or is called `file`; browsers and curl do both. */
const isFile = (info: PartInfo): boolean => {
  const { name, filename } = dispositionOf(info)
  return filename !== null || name === 'file'
}

/** What is known of a form while it is read. */
class Form {
  readonly fields = new Map<string, string>()
  readonly early = new Set<string>()
  file: FormFile['file'] = null
  isEnded = false
  /** Pieces of the file out of the block in hand. */
  pieces: Uint8Array[] = []

  takeField(info: PartInfo, value: Uint8Array): void {
    const name = dispositionOf(info).name
    if (name === null) throw wrong(COMPLAINTS.InvalidDisposition)
    if (this.fields.has(name)) throw wrong(`The field "${name}" comes twice.`)
    this.fields.set(name, new TextDecoder().decode(value))
    if (!this.file) this.early.add(name)
  }

  beginFile(info: PartInfo): (piece: Uint8Array | null) => void {
    if (this.file) throw wrong('A form carries one file at a time.')
    const type = info.headers['content-type']
    this.file = { filename: dispositionOf(info).filename, contentType: typeof type === 'string' ? type.trim() : null }
    return (piece) => {
      if (piece && piece.length > 0) this.pieces.push(piece)
    }
  }

  /** The pieces since the last call. */
  takePieces(): Uint8Array[] {
    const taken = this.pieces
    this.pieces = []
    return taken
  }
}

const boundaryOf = (contentType: string): string => {
  const [, quoted, token] = /;\s*boundary=(?:"([^"]{1,70})"|([^;\s"]{1,70}))/i.exec(contentType) ?? []
  const boundary = quoted ?? token
  if (boundary === undefined) throw wrong(COMPLAINTS.InvalidBoundary)
  return boundary
}

const parserOf = (form: Form, boundary: string) =>
  make({
    // Written anew: multipasta does not find every boundary that is written correctly.
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
    isFile,
    maxParts: LIMITS.formPartsMax,
    maxFieldSize: LIMITS.formFieldBytesMax,
    onField: (info, value) => form.takeField(info, value),
    onFile: (info) => form.beginFile(info),
    onError: (error) => {
      // Whatever stands behind the last boundary is nobody's business (RFC 2046, epilogue).
      if (!form.isEnded) throw wrong(COMPLAINTS[error._tag], error)
    },
    onDone: () => {
      form.isEnded = true
    },
  })

const endsWith = (bytes: Uint8Array, tail: Uint8Array): boolean =>
  bytes.length >= tail.length && tail.every((byte, i) => bytes[bytes.length - tail.length + i] === byte)

/** Parser errors other than ours: multipasta throws on a `filename*` with broken percent signs. */
const guarded = (work: () => void): void => {
  try {
    work()
  } catch (cause) {
    throw cause instanceof AppError ? cause : wrong(COMPLAINTS.BadHeaders, cause)
  }
}

async function* filePieces(form: Form, boundary: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const parser = parserOf(form, boundary)
  // multipasta knows the last boundary only if both dashes behind it come in one piece, so a first one at the end of a block waits for the next.
  const halfEnd = utf8(`--${boundary}-`)
  let held: Uint8Array = new Uint8Array(0)
  let tail: Uint8Array = held
  for await (const block of body) {
    // A copy: the parser keeps what might be the beginning of a boundary, and the block is overwritten by the next.
    const bytes = concatBytes([held, block])
    tail = concatBytes([tail, block.slice(-halfEnd.length)]).slice(-halfEnd.length)
    const cut = endsWith(tail, halfEnd) ? bytes.length - 1 : bytes.length
    held = bytes.subarray(cut)
    if (!form.isEnded) guarded(() => parser.write(bytes.subarray(0, cut)))
    yield* form.takePieces()
  }
  guarded(() => parser.end())
  yield* form.takePieces()
  if (!form.isEnded) throw wrong(COMPLAINTS.EndNotReached)
  if (!form.file) throw wrong('The form holds no file. Send it as the field "file".')
}

/** The file of a form body; `contentType` is the request's. Throws `multipart_invalid` at once for one without a boundary. */
export const readForm = (contentType: string, body: AsyncIterable<Uint8Array>): FormFile => {
  const form = new Form()
  const pieces = filePieces(form, boundaryOf(contentType), body)
  return {
    fields: form.fields,
    early: form.early,
    get file() {
      return form.file
    },
    pieces,
  }
}
