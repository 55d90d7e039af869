/**
 * What do the values of one column add to its profile? Records of a batch in, the column's state in memory changed: the kernel's side of ../../profile/column.ts.
 *
 * A value is looked up among the frequent ones first; only one that is not there is read (see frequent.ts). What the kernel leaves to the host it lists: the host finds the facts
 * with the twin's functions and hands them to addAsked.
 */
import { beginColumn, copyAt, copyNextTo, from, readField, to } from '../field'
import { SPARE_BYTES, output, scratch } from '../memory'
import { addDistinct } from './distinct'
import { extendBytes } from './extent'
import { isAsked, pointsOf, readFacts, setFacts } from './facts'
import { SHORT_BYTES, addSlot, clearFront, countInFront, countSlot, frontHash, isFull, makePartial, nextFresh, purge, putInFront, slotOf } from './frequent'
import { addFacts, addKnown, know } from './known'
import { KEPT_BYTES, SLOT_COUNT, column, openColumn, slotFresh, slotLengths, slotValues, slotsMax } from './layout'
import { addSamples } from './sightings'
import { WAITING_MAX, beginOf, beginWaiting, endOf, endWaiting, entryAt, fetch, hashAt, indexOf, setSlot, shortAt, slotAt, wait, waiting } from './waiting'

/** Where in `output` the list of records begins that the host is asked about; before it, room to work. */
export const ASKED_AT: usize = 262_144
/** A hit in front earns one, a miss costs more: below a third of hits the looks stop, after some hundred of them at most. */
const FRONT_CREDIT: i32 = 512
const FRONT_PRICE: i32 = 2

/**
 * Takes field `index` of the records [first, last) into the state at `state`; the first of them has the number `number`.
 * Returns how many records the host is asked about; their indexes lie in `output` from ASKED_AT on.
 */
export function profileColumn(state: usize, index: u32, first: u32, last: u32, number: f64): u32 {
  openColumn(state)
  beginColumn(index)
  clearFront()
  beginWaiting(first, number)
  askedCount = 0
  let room = roomToWait()
  // What is in front must pay for the look at it: a column of nearly all different values soon does without.
  let credit: i32 = slotsMax == 0 ? 0 : FRONT_CREDIT
  for (let r = first; r < last; r++) {
    if (!readField(r)) continue
    const length = to - from
    let short: u64 = 0
    if (credit > 0 && length <= SHORT_BYTES) {
      short = frontHash(from, length)
      if (countInFront(short, from, length)) {
        credit++
        continue
      }
      credit -= FRONT_PRICE
    }
    wait(r, short)
    if (from == copyAt) copyNextTo(to)
    if (waiting < room && copyAt - scratch < SPARE_BYTES) continue
    takeWaiting()
    copyNextTo(scratch)
    room = roomToWait()
  }
  takeWaiting()
  return askedCount
}

let askedCount: u32 = 0

/** So many may wait that there is no purge before all are taken in: a purge wants to see the values in their order. */
function roomToWait(): u32 {
  if (slotsMax == 0) return WAITING_MAX
  return max<u32>(1, min<u32>(WAITING_MAX, slotsMax - load<u32>(column, SLOT_COUNT)))
}

/**
 * Takes all waiting values in, one thing after the other for all of them: short loops, in which one value need not wait for the one before.
 */
function takeWaiting(): void {
  newCount = 0
  againCount = 0
  fetch()
  findSlots()
  addDistinct(NEW, newCount)
  addSamples(NEW, newCount)
  extendBytes(NEW, newCount)
  readAll(NEW, newCount, true)
  readAll(AGAIN, againCount, false)
  addKnown()
  endWaiting()
}

/** Waiting values that have no slot yet, or there are none; and those that have one, but not one from which can be told what they are. */
const NEW = memory.data(256, 16)
const AGAIN = memory.data(256, 16)
let newCount: u32 = 0
let againCount: u32 = 0

/** Counts the values that have a slot, and gives the others one. */
function findSlots(): void {
  const hasSlots = slotsMax != 0
  for (let i: u32 = 0; i < waiting; i++) {
    const entry = entryAt(i)
    const slot = hasSlots ? slotOf(hashAt(entry)) : -1
    if (slot < 0) {
      store<u32>(NEW + (<usize>newCount << 2), <u32>entry)
      newCount++
      if (hasSlots) beginSlot(entry)
    } else if (countSlot(slot)) {
      if (shortAt(entry) != 0) putInFront(shortAt(entry), slot)
    } else {
      store<u32>(AGAIN + (<usize>againCount << 2), <u32>entry)
      againCount++
    }
  }
}

// @ts-ignore: decorator
@inline
function beginSlot(entry: usize): void {
  const hash = hashAt(entry)
  if (isFull()) makeRoom(hash)
  const slot = addSlot(hash, beginOf(entry), endOf(entry))
  if (shortAt(entry) != 0) putInFront(shortAt(entry), slot)
  setSlot(entry, slot)
}

function makeRoom(hash: u64): void {
  addFresh()
  purge()
  clearFront()
  // Its free place is another now.
  slotOf(hash)
}

/** Finds the facts of the values whose entries lie at `list`. `areNew`: they have slots of their own. */
function readAll(list: usize, count: u32, areNew: bool): void {
  const end = list + (<usize>count << 2)
  for (let at = list; at < end; at += 4) {
    const entry = <usize>load<u32>(at)
    readFacts(beginOf(entry), endOf(entry))
    if (!isAsked) know(entry)
    else {
      ask(indexOf(entry))
      if (areNew && slotsMax != 0) askAgain(entry)
    }
  }
}

function ask(r: u32): void {
  store<u32>(output + ASKED_AT + (<usize>askedCount << 2), r)
  askedCount++
}

/** What the slot of an asked value has counted since as fresh, and whatever comes, has to be asked as well. */
function askAgain(entry: usize): void {
  for (let left = makePartial(slotAt(entry)); left > 0; left--) ask(indexOf(entry))
}

/** Adds what the fresh counts of the slots stand for. */
function addFresh(): void {
  const count = <usize>load<u32>(column, SLOT_COUNT)
  for (let slot = nextFresh(0); slot < count; slot = nextFresh(slot + 1)) {
    const fresh = slotFresh + (slot << 2)
    const at = slotValues + slot * KEPT_BYTES
    const end = at + <usize>load<u8>(slotLengths + slot)
    readFacts(at, end)
    // It is not the first of its kind: whatever record it came from.
    addFacts(load<u32>(fresh), Infinity, at, end)
    store<u32>(fresh, 0)
  }
}

/** Makes the state at `state` say everything: to be called before it is read. */
export function finishColumn(state: usize): void {
  openColumn(state)
  addFresh()
}

/** Adds the facts that the host found about field `index` of record `r`, of which it was asked by the last call for this column: it is a number or text, `numeric` its number if it is one. */
export function addAsked(state: usize, index: u32, r: u32, number: f64, found: u32, odd: u32, numeric: f64): void {
  openColumn(state)
  beginColumn(index)
  if (!readField(r)) return
  setFacts(found, numeric, odd, pointsOf(from, to))
  addFacts(1, number, from, to)
}
