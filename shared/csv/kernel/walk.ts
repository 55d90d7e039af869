/**
 * How is a question put to the records that are still alive? One record at a time into three bitmaps, 64 records a word:
 * TRUE, UNKNOWN (the answer is NULL), and those that the host has to decide, because it takes more than the kernel knows. All other live records are FALSE.
 */
import { records } from './records'

/** A test's answers. */
export const FALSE: u32 = 0
export const TRUE: u32 = 1
export const UNKNOWN: u32 = 2
export const ASK: u32 = 4

let alive: usize = 0
let trues: usize = 0
let unknowns: usize = 0
let asks: usize = 0

/** Where the bitmaps lie that the following tests read (`alive`) and write: as many words as the batch's records take, and they do not overlap. */
export function setBitmaps(aliveAt: usize, truesAt: usize, unknownsAt: usize, asksAt: usize): void {
  alive = aliveAt
  trues = truesAt
  unknowns = unknownsAt
  asks = asksAt
}

/**
 * Puts a test to every live record. True if the host is asked about some. `Test` is a class with a method `answer(r: u32): u32` and no fields: what it compares with lies in globals.
 * Each test gets a loop of its own with its answer inlined, which a function handed in would not: no call per record is left.
 */
export function walk<Test>(): bool {
  const test = changetype<Test>(0)
  const bytes = ((<usize>records + 63) >> 6) << 3
  let anyAsk: u64 = 0
  for (let at: usize = 0; at < bytes; at += 8) {
    let left = load<u64>(alive + at)
    const base = <u32>at << 3
    let isTrue: u64 = 0
    let isUnknown: u64 = 0
    let isAsk: u64 = 0
    while (left != 0) {
      const bit = ctz(left)
      left &= left - 1
      const answer = <u64>test.answer(base + <u32>bit)
      isTrue |= (answer & 1) << bit
      isUnknown |= ((answer >> 1) & 1) << bit
      isAsk |= (answer >> 2) << bit
    }
    store<u64>(trues + at, isTrue)
    store<u64>(unknowns + at, isUnknown)
    store<u64>(asks + at, isAsk)
    anyAsk |= isAsk
  }
  return anyAsk != 0
}
