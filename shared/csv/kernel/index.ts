/** The kernel's door: what the host may call. */
export { heapBase, setMemory } from './memory'
export {
  addRecord,
  beginBatch,
  blankLines,
  fields,
  firstStray,
  hasGaps,
  hasHigh,
  hasNul,
  index,
  isRagged,
  lines,
  records,
  setDialect,
  strays,
} from './scan'
export { firstOdd, invalidRecords, isUtf8, lineFeeds, nulFields } from './odd'
export { gather } from './gather'
