/** The kernel's door: what the host may call (../kernel-memory.ts has it with types). */
export { castDecimal, number, setPowersOfFive } from './decimal'
export { gather } from './gather'
export { likeParts, likePieces } from './like'
export { heapBase, setMemory } from './memory'
export { compareDate, compareTimestamp } from './moment'
export { compareNumber, numberIn } from './number'
export { firstOdd, invalidRecords, lineFeeds, nulFields } from './odd'
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
export { compareText, equalsText, isNull, textIn, truth } from './text'
export { isUtf8Block } from './utf8'
export { setBitmaps } from './walk'
export { addAsked, finishColumn, profileColumn } from './profile/column'
export { clearColumn, setCapacity } from './profile/layout'
export { mayRepeat, shorter, longer } from './profile/shapes'
