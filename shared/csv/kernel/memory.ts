/**
 * Where does everything lie? The memory is the host's (../kernel-memory.ts draws the map and makes it); here are the addresses, set once, before anything else is called.
 * All offsets that are exchanged with the host count bytes from `input`; arrays hold u32, little-endian, as in RecordBatch.
 */

/** The bytes of the batch. 64 readable bytes lie behind the last. */
export let input: usize = 0
/** End of each field; 64 bytes of slack behind the last, because fields are written by fours and eights. */
export let fieldEnds: usize = 0
/** Where each record begins, and just past its line end. */
export let starts: usize = 0
export let ends: usize = 0
/** Index of each record's first field; one more than there are records. */
export let firstFields: usize = 0
/** Room for one field of any length without its quoting, and 64 bytes. */
export let scratch: usize = 0
/** So much more room than for one field lies at `scratch`: for several that are needed side by side. */
export const SPARE_BYTES: usize = 65_536
/** Room for the records of a batch that are kept, and 64 bytes; it follows on `scratch`. While lines are found, the two hold where they end. */
export let output: usize = 0
/** Room for the place of each 64-byte word of the batch that has something other than ASCII, and one more. */
export let oddWords: usize = 0

/** Says where everything lies. To be called once, first. */
export function setMemory(
  inputAt: usize,
  fieldEndsAt: usize,
  startsAt: usize,
  endsAt: usize,
  firstFieldsAt: usize,
  scratchAt: usize,
  outputAt: usize,
  oddWordsAt: usize,
): void {
  input = inputAt
  fieldEnds = fieldEndsAt
  starts = startsAt
  ends = endsAt
  firstFields = firstFieldsAt
  scratch = scratchAt
  output = outputAt
  oddWords = oddWordsAt
  store<u32>(firstFields, 0)
}

/** The first byte that static data does not use. */
export function heapBase(): usize {
  return __heap_base
}
