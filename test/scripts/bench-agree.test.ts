import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Agreement, type Answer, agree } from '../../scripts/lib/bench/agree.ts'
import type { ColumnFacts } from '../../scripts/lib/bench/contender.ts'
import { newFolder } from '../support/bench.ts'

const folder = newFolder()

const answer = (name: string, rows: number | null, text: string, columns?: readonly ColumnFacts[]): Answer => {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return { file, outcome: { rows, ...(columns ? { columns } : {}) } }
}

describe('two outputs', () => {
  it.each([
    ['equal bytes', 'a,b\n1,2\n', 'a,b\n1,2\n', 'bytes'],
    ['quoted otherwise', 'a,b\n"1",2\n', 'a,b\n1,"2"\n', 'rows'],
    ['a stray quote, and the same quoted', 'a,b\n5" disk,2\n', 'a,b\n"5"" disk",2\n', 'rows'],
    ['another line end', 'a,b\n1,2\n', 'a,b\r\n1,2\r\n', 'rows'],
    ['a line end in a field', 'a\n"x\ny"\n', '"a"\n"x\ny"\n', 'rows'],
  ] as const)('%s: agree', async (_, ours, theirs, by) => {
    expect(await agree('filter', answer('ours', 1, ours), answer('theirs', null, theirs), ',')).toEqual({ ok: true, by })
  })

  it.each([
    ['another cell', 'a,b\n1,2\n', 'a,b\n1,3\n', 'row 1 of the output: ours ["1","2"], theirs ["1","3"]'],
    ['a row more', 'a\n1\n', 'a\n1\n2\n', 'row 2 of the output: ours no row, theirs ["2"]'],
    ['a row less', 'a\n1\n2\n', 'a\n1\n', 'row 2 of the output: ours ["2"], theirs no row'],
    ['another order', 'a\n1\n2\n', 'a\n2\n1\n', 'row 1 of the output: ours ["1"], theirs ["2"]'],
    ['no header', 'a\n1\n', '1\n', 'row 0 of the output: ours ["a"], theirs ["1"]'],
    ['a space more', 'a\n1\n', 'a\n1 \n', 'row 1 of the output: ours ["1"], theirs ["1 "]'],
    ['nothing at all', 'a\n1\n', '', 'row 0 of the output: ours ["a"], theirs no row'],
  ])('%s: differ', async (_, ours, theirs, why) => {
    expect(await agree('filter', answer('ours', 1, ours), answer('theirs', null, theirs), ',')).toEqual({ ok: false, why })
  })

  it('with other counts of rows differ before they are read', async () => {
    expect(await agree('filter', answer('ours', 1, 'a\n'), answer('theirs', 2, 'a\n'), ',')).toEqual({ ok: false, why: '1 rows and 2' })
  })
})

describe('two counts', () => {
  const counts = (ours: number, theirs: number | null): Promise<Agreement> =>
    agree('count', answer('ours', ours, ''), answer('theirs', theirs, ''), ',')

  it('agree when they are equal', async () => {
    expect(await counts(7, 7)).toEqual({ ok: true, by: 'count' })
  })

  it('differ when they are not, or when none was told', async () => {
    expect(await counts(7, 8)).toEqual({ ok: false, why: '7 rows and 8' })
    expect(await counts(7, null)).toEqual({ ok: false, why: 'it told no count' })
  })
})

describe('two profiles', () => {
  const column: ColumnFacts = { name: 'age', nullPercent: 33.3333, min: 1, max: 9, mean: 4.5 }
  const profiles = (theirs: Partial<ColumnFacts>): Promise<Agreement> =>
    agree('analyse', answer('ours', 3, '', [column]), answer('theirs', 3, '', [{ ...column, ...theirs }]), ',')

  it.each([
    ['rounded percentages', { nullPercent: 33.33 }],
    ['a mean off in its last digits', { mean: 4.5 + 1e-12 }],
  ])('with %s agree', async (_, theirs) => {
    expect(await profiles(theirs)).toEqual({ ok: true, by: 'profile' })
  })

  it('agree about what both tell', async () => {
    const theirs: ColumnFacts = { name: 'age', nullPercent: 33.33 }
    expect(await agree('analyse', answer('ours', 3, '', [column]), answer('theirs', 3, '', [theirs]), ',')).toMatchObject({ ok: true })
  })

  it.each([
    ['nulls', { nullPercent: 33.3 }, 'age: nulls 33.3333 and 33.3 %'],
    ['extremes', { min: 2 }, 'age: min 1 and 2'],
    ['means', { mean: 4.6 }, 'age: mean 4.5 and 4.6'],
    ['texts for numbers', { max: '9' }, 'age: max 9 and 9'],
    ['names', { name: 'id' }, 'column 0 is age and id'],
  ])('with other %s differ', async (_, theirs, why) => {
    expect(await profiles(theirs)).toEqual({ ok: false, why })
  })
})
