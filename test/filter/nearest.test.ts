import { expect, it } from 'vitest'
import { nearest } from '../../shared/filter/nearest.ts'

it.each<[fact: string, name: string, known: string[], found: string | null]>([
  ['a missing letter', 'stat', ['age', 'state'], 'state'],
  ['a letter too many', 'agee', ['age', 'state'], 'age'],
  ['two letters in the wrong order are one mistake', 'adn', ['OR', 'AND'], 'AND'],
  ['case does not matter', 'STAET', ['age', 'State'], 'State'],
  ['one mistake per three letters', 'cuontyr', ['country'], 'country'],
  ['a short name is not near to every other', 'xy', ['age', 'id'], null],
  ['nothing is near to nothing', 'age', [], null],
  ['the nearest of several', 'names', ['dates', 'name'], 'name'],
  ['the first of equals', 'cot', ['cat', 'cut'], 'cat'],
  ['a very long name is not looked for', 'a'.repeat(1000), ['a'.repeat(999)], null],
])('%s', (_fact, name, known, found) => {
  expect(nearest(name, known)).toBe(found)
})
