/** How do a file's bytes become the bytes that are scanned? Unpacked first, then decoded to UTF-8. */
export interface Decoding {
  readonly gzip: boolean
  /** A name of the WHATWG Encoding Standard; null: the (unpacked) bytes are scanned as they are. */
  readonly encoding: string | null
}
