/** What a spreadsheet would run, and what only looks a little like it. */
import { expect } from 'vitest'
import { utf8 } from '../../../shared/base/bytes.ts'
import { isFormula } from '../../../shared/csv/writer/formula.ts'
import { cases } from '../../support/cases.ts'

const judged = (verdict: boolean) => (cell: string) => {
  const bytes = utf8(`==${cell}==`)
  expect(isFormula(bytes, 2, bytes.length - 2)).toBe(verdict)
}

cases<[string]>(
  'is taken for a formula:',
  [
    ['an equals sign', '=1+1'],
    ['a plus before more than a number', '+1+1'],
    ['a minus before more than a number', '-2+3'],
    ['an at sign', '@SUM(1)'],
    ['a tab', '\t=1'],
    ['a tab before a number too', '\t1'],
    ['a carriage return', '\r=1'],
    ['a line feed', '\n=1'],
    ['a NUL', '\0=1'],
    ['with blanks before it', '  =1'],
    ['with a quote before it', '"=1"'],
    ['with a byte order mark before it', '\ufeff=1'],
    ['a full-width equals sign', '＝1'],
    ['a full-width plus, also before a number', '＋1'],
    ['a full-width minus', '－1'],
    ['a full-width at sign', '＠A1'],
    ['a sign alone', '-'],
    ['a list item: not certain, so guarded', '- item'],
    ['a phone number with blanks: not certain', '+32 470 12'],
    ['a number with thousands: not certain', '-1,234.50'],
    ['a number with two points', '-1.2.3'],
    ['an exponent without digits', '-1e'],
  ],
  judged(true),
)

cases<[string]>(
  'is none:',
  [
    ['nothing', ''],
    ['blanks', '   '],
    ['a text', 'a=b'],
    ['an address', 'a@b.example'],
    ['an apostrophe before it', "'=1"],
    ['a negative number', '-5'],
    ['a positive number', '+5'],
    ['decimals', '-5.25'],
    ['decimals without a whole part', '-.5'],
    ['decimals without a fraction', '-5.'],
    ['an exponent', '-1e5'],
    ['an exponent with a sign', '+1.5E-10'],
    ['a phone number', '+32470123456'],
    ['a number with blanks around it', ' -5  '],
    ['a dash', '—'],
    ['a full-width letter', 'Ａ'],
    ['a sum that begins with a digit', '5+3'],
  ],
  judged(false),
)
