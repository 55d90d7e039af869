/** What separates fields and lines? Set once for a scan; read by everything that looks at bytes. */
const CR: u32 = 13
/** No byte: what a comparison with it never finds. */
const NO_BYTE: u32 = 256

export let delimiter: u8 = 44
export let quote: u8 = 34
export let newline: u8 = 10
/** All ones, or none where nothing is ever quoted. */
export let quoteBits: u64 = ~(<u64>0)
/** All ones where a quote may follow a closing quote: the two are one quote within the field. */
export let doubledBits: u64 = ~(<u64>0)
/** LF mode: the CR before a line end that belongs to it. */
export let endCr: u32 = CR
/** Fields that a record should have; 0: nobody knows, and every batch is ragged. */
export let width: u32 = 0

/** `quoteByte` < 0: nothing is ever quoted. */
export function setDialect(delimiterByte: i32, quoteByte: i32, newlineByte: i32, isDoubled: bool, columns: u32): void {
  delimiter = <u8>delimiterByte
  quote = <u8>quoteByte
  newline = <u8>newlineByte
  quoteBits = quoteByte < 0 ? 0 : ~(<u64>0)
  doubledBits = isDoubled ? ~(<u64>0) : 0
  endCr = newlineByte == 10 ? CR : NO_BYTE
  width = columns
}

/** The quote, or NO_BYTE. */
export function quoteByte(): u32 {
  return quoteBits == 0 ? NO_BYTE : <u32>quote
}

export function isDoubled(): bool {
  return doubledBits != 0
}
