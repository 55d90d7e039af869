/**
 * Text in another encoding becomes UTF-8, chunk by chunk. The platform's decoder does the work; a byte order mark goes, and bytes that mean
 * nothing become U+FFFD and are counted, so that nothing is lost in silence. Any split of the input gives the same output.
 */
import { concatBytes, utf8 } from '../../base/bytes.ts'
import { WholeLines } from './whole-lines.ts'

const REPLACEMENT = '\ufffd'

/** How many U+FFFD the decoded text holds, and where the first of them stands; null: none. */
export interface Replaced {
  readonly count: number
  readonly byteOffset: number
}

/** Encodings of the standard in which a character may have several bytes, beside UTF-16. */
const MULTI_BYTE = new Set(['shift_jis', 'euc-jp', 'iso-2022-jp', 'euc-kr', 'gbk', 'gb18030', 'big5'])

export class TextDecoding {
  readonly #decoder: TextDecoder
  /** Null: the decoder itself keeps what a chunk cuts in two. */
  readonly #lines: WholeLines | null
  #bytesOut = 0
  #replaced: Replaced | null = null

  /** `encoding`: a name that the platform's TextDecoder takes. */
  constructor(encoding: string) {
    this.#decoder = new TextDecoder(encoding, { fatal: false, ignoreBOM: false })
    this.#lines = MULTI_BYTE.has(this.#decoder.encoding) ? new WholeLines() : null
  }

  get replaced(): Replaced | null {
    return this.#replaced
  }

  /** What `bytes` add to the text, in UTF-8. */
  push(bytes: Uint8Array): Uint8Array {
    if (!this.#lines) return this.#encoded(this.#decoder.decode(bytes, { stream: true }))
    return concatBytes(this.#lines.push(bytes).map((piece) => this.#encoded(this.#decoder.decode(piece))))
  }

  /** What is left at the end of the input: a sequence that was cut off, a line without an end. */
  finish(): Uint8Array {
    return this.#encoded(this.#lines ? this.#decoder.decode(this.#lines.finish()) : this.#decoder.decode())
  }

  #encoded(text: string): Uint8Array {
    const first = text.indexOf(REPLACEMENT)
    if (first >= 0) this.#note(text, first)
    const bytes = utf8(text)
    this.#bytesOut += bytes.length
    return bytes
  }

  #note(text: string, first: number): void {
    let count = 0
    for (let at = first; at >= 0; at = text.indexOf(REPLACEMENT, at + 1)) count++
    const byteOffset = this.#replaced?.byteOffset ?? this.#bytesOut + utf8(text.slice(0, first)).length
    this.#replaced = { count: (this.#replaced?.count ?? 0) + count, byteOffset }
  }
}

/** A sample in UTF-8; `isWhole` false: what its end cuts in two is left out. */
export const decodedSample = (sample: Uint8Array, isWhole: boolean, encoding: string): Uint8Array => {
  const text = new TextDecoding(encoding)
  return concatBytes([text.push(sample), ...(isWhole ? [text.finish()] : [])])
}
