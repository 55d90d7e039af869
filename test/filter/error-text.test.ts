import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainClause } from '../../shared/filter/error-text.ts'
import { mistakeOf } from './table.ts'

const COLUMNS = ['age', 'state', 'näme', '名前']

const explain = (text: string): string[] => explainClause(text, mistakeOf(text, COLUMNS)).split('\n')

describe('a mistake', () => {
  it('is shown with its sentence, its line, a caret and what was meant', () => {
    expect(explain('agee > 60')).toEqual([
      'There is no column agee. Did you mean age?',
      '',
      '  agee > 60',
      '  ^^^^',
      '  found: agee',
      '  expected: a column',
      '  suggestion: age',
    ])
  })

  it.each<[fact: string, text: string, line: string, caret: string]>([
    ['at the end stands behind the last character', 'age >', '  age >', '       ^'],
    ['in a later line shows only that line', 'age > 60\nAND agee > 5', '  AND agee > 5', '      ^^^^'],
    ['over several lines is marked to the end of its first', "state = 'N\nY", "  state = 'N", '          ^^'],
    ['behind a tab counts it as one column', '\tagee > 5', '   agee > 5', '   ^^^^'],
    ['behind wide characters counts two columns each', '名前 = agee', '  名前 = agee', '         ^^^^'],
    ['behind a combining accent does not count it', "'e\u0301' = agee", "  'e\u0301' = agee", '        ^^^^'],
    ['under wide characters is as wide as they are', '前名前 = 1', '  前名前 = 1', '  ^^^^^^'],
    ['never sends control characters to a terminal', "'\u001b[31m' = agee", "  '\ufffd[31m' = agee", '            ^^^^'],
    ['never turns the direction of the line', "'\u202e' = agee", "  '\ufffd' = agee", '        ^^^^'],
  ])('%s', (_fact, text, line, caret) => {
    expect(explain(text).slice(2, 4)).toEqual([line, caret])
  })

  it('in a long clause shows what stands around it', () => {
    const [line, caret] = explain(`${'age = 1 OR '.repeat(100)}agee = 1${' OR age = 1'.repeat(100)}`).slice(2, 4)
    expect(line!.length).toBeLessThan(140)
    expect(line!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1)).toBe('agee')
  })

  it('of any clause has its caret within the line or right behind it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        const [line, caret] = explain(`${text} ;`).slice(2, 4)
        expect(caret!.trim()).toMatch(/^\^+$/)
        expect(caret!.length).toBeLessThanOrEqual(line!.length + 1)
      }),
    )
  })
})
