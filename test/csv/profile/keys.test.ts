import { describe, expect, test } from 'vitest'
import { isUnique } from '../../../shared/csv/profile/keys.ts'
import { profileOf } from './scan.ts'

describe('a column is unique', () => {
  test.each([
    ['surely', { value: 10, exact: true, error: 0 }, 10, true],
    ['surely not', { value: 9, exact: true, error: 0 }, 10, false],
    ['not when the estimate is far below', { value: 900, exact: false, error: 0.016 }, 1_000, false],
    ['perhaps when it is near', { value: 950, exact: false, error: 0.016 }, 1_000, null],
    ['perhaps when it is above', { value: 1_020, exact: false, error: 0.016 }, 1_000, null],
    ['or there is nothing to say', { value: 0, exact: true, error: 0 }, 0, null],
  ])('%s', (_name, distinct, values, unique) => expect(isUnique(distinct, values)).toBe(unique))
})

const keysOf = (...given: Parameters<typeof profileOf>) => profileOf(...given).candidate_keys

test('keys have a different value in every record', () => {
  const body = '1,a,x,\n2,b,x,7\n3,c,y,8\n4,,z,9\n'
  expect(keysOf({ names: ['id', 'has a null', 'repeats', 'first is null'], body })).toEqual([{ index: 0, name: 'id', exact: true }])
})

test('a record that is too short has no value there', () => {
  expect(keysOf({ names: ['id', 'b'], body: '1,a\n2\n' }).map(({ name }) => name)).toEqual(['id'])
})

test('without records there is no key', () => expect(keysOf({ names: ['id'], body: '' })).toEqual([]))

test('sure ones come first; where different values are only estimated a key is probable', () => {
  const many = { names: ['long', 'short'], body: Array.from({ length: 400 }, (_, i) => `value ${i},${i}`).join('\n'), budgetBytes: 2_000 }
  expect(keysOf(many)).toEqual([
    { index: 0, name: 'long', exact: false },
    { index: 1, name: 'short', exact: false },
  ])
  const few = { ...many, body: `${many.body}\n${many.body}` }
  expect(keysOf(few)).toEqual([])
})

test('a value that comes twice is found however late it comes', () => {
  const body = `${Array.from({ length: 30_000 }, (_, i) => i).join('\n')}\n29999\n`
  const [column] = profileOf({ names: ['id'], body }).columns
  expect([column!.unique, column!.distinct.exact]).toEqual([false, true])
})
