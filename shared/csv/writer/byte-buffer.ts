/** Bytes that grow at the end: where a writer puts records, one array for all of them. */

const INITIAL_BYTES = 64 * 1024

export class ByteBuffer {
  bytes = new Uint8Array(INITIAL_BYTES)
  length = 0

  /** Makes room for so many more bytes; `bytes` may be another array afterwards. */
  reserve(byteCount: number): void {
    const needed = this.length + byteCount
    if (needed <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }

  putByte(byte: number): void {
    this.reserve(1)
    this.bytes[this.length++] = byte
  }

  /** For the few bytes of a delimiter or a name: a loop is faster than `set` up to a few dozen. */
  put(piece: Uint8Array): void {
    this.reserve(piece.length)
    const { bytes, length } = this
    for (let i = 0; i < piece.length; i++) bytes[length + i] = piece[i]!
    this.length = length + piece.length
  }

  /** What was put since the last time; it holds until the next byte is put. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length)
    this.length = 0
    return taken
  }
}
