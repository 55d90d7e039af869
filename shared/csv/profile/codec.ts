/**
 * How do sketches become bytes? A growing writer and a reader over one array.
 * Counts are LEB128 varints (small numbers, one byte each), floats are eight bytes; there are no field names: the version in front says what follows.
 */
import { assert } from '../../base/assert.ts'

/** Appends to a buffer that doubles when it is full. */
export class ByteWriter {
  private bytes = new Uint8Array(1024)
  private view = new DataView(this.bytes.buffer)
  private length = 0

  /** Appends a whole number from 0 to 2^53. */
  count(value: number): void {
    this.reserve(8)
    let rest = value
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.bytes[this.length++] = rest
  }

  /** Appends a 32-bit word, big-endian. */
  word(value: number): void {
    this.reserve(4)
    this.view.setUint32(this.length, value)
    this.length += 4
  }

  /** Appends a double as its 64 bits. */
  float(value: number): void {
    this.reserve(8)
    this.view.setFloat64(this.length, value)
    this.length += 8
  }

  /** Appends bytes behind their length. */
  text(bytes: Uint8Array): void {
    this.count(bytes.length)
    this.reserve(bytes.length)
    this.bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  /** What was written, as a copy. */
  done(): Uint8Array {
    return this.bytes.slice(0, this.length)
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const bytes = new Uint8Array(Math.max(this.length + more, this.bytes.length * 2))
    bytes.set(this.bytes.subarray(0, this.length))
    this.bytes = bytes
    this.view = new DataView(bytes.buffer)
  }
}

/** Reads what a ByteWriter wrote, in the same order. Throws AssertionError when the bytes end too early. */
export class ByteReader {
  private readonly bytes: Uint8Array
  private readonly view: DataView
  private at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  count(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.view.getUint8(this.take(1))
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }

  word(): number {
    return this.view.getUint32(this.take(4))
  }

  float(): number {
    return this.view.getFloat64(this.take(8))
  }

  /** A copy, so that it does not hold the whole input. */
  text(): Uint8Array {
    const length = this.count()
    const from = this.take(length)
    return this.bytes.slice(from, from + length)
  }

  get isAtEnd(): boolean {
    return this.at === this.bytes.length
  }

  private take(length: number): number {
    const from = this.at
    assert(from + length <= this.bytes.length, 'an encoded profile ends before its last sketch')
    this.at += length
    return from
  }
}
