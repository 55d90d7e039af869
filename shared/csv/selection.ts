/**
 * Which records of a batch? One bit a record: record `r` is bit `r & 31` of word `r >> 5`, so that 32 records are combined at once and the kernel can use the same words.
 * Bits behind the batch's last record are zero: whoever fills a selection sees to that, and counting relies on it.
 */
export type Selection = Uint32Array

/** Words that a selection of `count` records takes. An even number: the kernel goes by 64 bits. */
export const selectionWords = (count: number): number => ((count + 63) >>> 6) << 1

/** Makes room for `count` records: the same array where it is large enough, else a larger one with nothing in it. */
export const roomFor = (selection: Selection, count: number): Selection =>
  selectionWords(count) <= selection.length ? selection : new Uint32Array(selectionWords(count) * 2)

export const isSelected = (selection: Selection, r: number): boolean => ((selection[r >>> 5]! >>> (r & 31)) & 1) === 1

export const select = (selection: Selection, r: number): void => {
  selection[r >>> 5]! |= 1 << (r & 31)
}

export const unselect = (selection: Selection, r: number): void => {
  selection[r >>> 5]! &= ~(1 << (r & 31))
}

export const selectNone = (selection: Selection, count: number): void => {
  selection.fill(0, 0, selectionWords(count))
}

export const selectAll = (selection: Selection, count: number): void => {
  const whole = count >>> 5
  selection.fill(0xffffffff, 0, whole)
  selection.fill(0, whole, selectionWords(count))
  if ((count & 31) !== 0) selection[whole] = (1 << (count & 31)) - 1
}

/** Ones in a word, by adding neighbours (H. S. Warren, "Hacker's Delight", 5-1). */
const ones = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** How many of the first `count` records are selected. */
export const countSelected = (selection: Selection, count: number): number => {
  let total = 0
  for (let w = 0; w < selectionWords(count); w++) total += ones(selection[w]!)
  return total
}

/** Calls `take` for each selected record in order; false stops. */
export const eachSelected = (selection: Selection, count: number, take: (r: number) => unknown): void => {
  for (let w = 0; w < selectionWords(count); w++) {
    for (let word = selection[w]!; word !== 0; word &= word - 1) {
      if (take((w << 5) + 31 - Math.clz32(word & -word)) === false) return
    }
  }
}
