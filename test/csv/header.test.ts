/** Names of columns. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { columnNames, numberedColumns } from '../../shared/csv/header.ts'
import { cases } from '../support/cases.ts'

cases<[string[], string[]]>(
  'names',
  [
    ['stay as they are', ['id', 'Name', 'name'], ['id', 'Name', 'name']],
    ['a repeated one gets a number', ['a', 'a'], ['a', 'a_1']],
    ['and the next number', ['a', 'a', 'a'], ['a', 'a_1', 'a_2']],
    ['a number that is taken is passed over', ['a', 'a_1', 'a'], ['a', 'a_1', 'a_2']],
    ['also when it comes later', ['a', 'a', 'a_1'], ['a', 'a_2', 'a_1']],
    ['an empty one is named by its position', ['', 'b', ''], ['column1', 'b', 'column3']],
    ['a position that is taken gets a number', ['column2', ''], ['column2', 'column2_1']],
    ['also when it comes later', ['', 'column1'], ['column1_1', 'column1']],
    ['whitespace is part of a name', ['a', ' a', ' '], ['a', ' a', ' ']],
    ['names of objects are names', ['__proto__', 'constructor', '__proto__'], ['__proto__', 'constructor', '__proto___1']],
  ],
  (fields, names) => expect(columnNames(fields).names).toEqual(names),
)

it('what is renamed is said', () => {
  expect(columnNames(['a', 'a', '']).notes).toEqual([
    'Column 2 repeats the name "a" and is called "a_1".',
    'Column 3 has no name and is called "column3".',
  ])
  expect(columnNames(['a', 'b']).notes).toEqual([])
})

it('a long list of notes is cut short, aloud', () => {
  const { notes } = columnNames(Array<string>(100).fill('x'.repeat(1000)))
  expect(notes.length).toBe(21)
  expect(notes.at(-1)).toBe('79 more columns were renamed in the same way.')
  for (const note of notes) expect(note.length).toBeLessThan(250)
})

it('names are unique and never empty, whatever the header says', () => {
  const field = fc.constantFrom('', 'a', 'a_1', 'a_2', 'a_1_1', 'column1', 'column2', 'column2_1')
  fc.assert(
    fc.property(fc.array(field, { maxLength: 12 }), (fields) => {
      const { names } = columnNames(fields)
      expect(new Set(names).size).toBe(fields.length)
      expect(names).not.toContain('')
      for (const name of fields) if (name !== '') expect(names[fields.indexOf(name)]).toBe(name)
    }),
  )
})

it('without a header columns are numbered from 1', () => {
  expect(numberedColumns(3)).toEqual(['column1', 'column2', 'column3'])
})
