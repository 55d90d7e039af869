/** Which records have too few or too many fields, and which may repeat the header? */
import { quoteByte } from '../dialect'
import { fieldEnds, firstFields, input, output, starts } from '../memory'
import { isRagged, records } from '../records'
import { ASKED_AT } from './column'

/** Records of the batch with fewer and with more fields than the list has columns. Set by mayRepeat. */
export let shorter: u32 = 0
export let longer: u32 = 0

/**
 * Lists the records whose first field is as long as the first column's name, or longer by what quoting adds at most, and begins with the same byte or a quote: in `output` from ASKED_AT on. Returns how many. The host looks at them closely.
 * `columns` is the width of the scan, if the batch is not ragged.
 */
export function mayRepeat(columns: u32, nameBytes: u32, nameByte: u32): u32 {
  shorter = 0
  longer = 0
  const list = output + ASKED_AT
  const quote = quoteByte()
  let found: u32 = 0
  for (let r: usize = 0; r < <usize>records; r++) {
    let field = <u32>r * columns
    if (isRagged) {
      field = load<u32>(firstFields + (r << 2))
      const count = load<u32>(firstFields + (r << 2), 4) - field
      if (count != columns) {
        if (count < columns) shorter++
        else longer++
        continue
      }
    }
    const length = load<u32>(fieldEnds + (<usize>field << 2)) - load<u32>(starts + (r << 2))
    if (length != nameBytes && (length < nameBytes + 2 || length > 2 * nameBytes + 2)) continue
    const byte = <u32>load<u8>(input + load<u32>(starts + (r << 2)))
    if (byte != nameByte && byte != quote && length > 0) continue
    store<u32>(list + (<usize>found << 2), <u32>r)
    found++
  }
  return found
}
