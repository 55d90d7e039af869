/** What a filter writes: columns, formats, dialects, windows and samples, as whole outputs. */
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { AppError } from '../../shared/base/errors.ts'
import { textOfField } from '../../shared/csv/field.ts'
import { cases } from '../support/cases.ts'
import { runFilter, runOperation } from './run.ts'

const PEOPLE = 'name,age,state\nAda,36,NY\n"Cyd, Jr.",81,\nDot,,VT\n'
const RAGGED = 'a,b,c\n1,2\n1,2,3,4,5\n'

cases<[csv: string, spec: object, out: string]>(
  'rows leave as they came, byte for byte,',
  [
    ['with nothing but a clause', 'a,b\n1,"x"\r\n2, y \n"3",z', { where: 'a > 1' }, 'a,b\n2, y \n"3",z\n'],
    ['when the format is what they are in', PEOPLE, { format: 'csv' }, PEOPLE],
    ['when the dialect is what they are in', PEOPLE, { output_dialect: { delimiter: ',', quote: '"' } }, PEOPLE],
    ['with extra and missing fields', RAGGED, { where: 'TRUE' }, RAGGED],
    ['without their header', PEOPLE, { output_dialect: { header: false } }, PEOPLE.replace('name,age,state\n', '')],
    ['behind a byte order mark', 'a\n1\n', { output_dialect: { bom: true } }, '\ufeffa\n1\n'],
  ],
  (csv, spec, out) => expect(textOfField(runFilter(csv, spec).bytes)).toBe(out),
)

cases<[csv: string, spec: object, out: string]>(
  'columns',
  [
    ['are chosen', PEOPLE, { columns: ['name'] }, 'name\nAda\n"Cyd, Jr."\nDot\n'],
    ['are put in another order', PEOPLE, { columns: ['state', 'name'] }, 'state,name\nNY,Ada\n,"Cyd, Jr."\nVT,Dot\n'],
    ['are found without case where that is clear', PEOPLE, { columns: ['AGE'] }, 'age\n36\n81\n""\n'],
    ['are renamed', PEOPLE, { columns: [{ name: 'age', as: 'years, "full"' }] }, '"years, ""full"""\n36\n81\n""\n'],
    ['stand twice under two names', 'a\n1\n', { columns: ['a', { name: 'a', as: 'b' }] }, 'a,b\n1,1\n'],
    ['are left out', PEOPLE, { columns: { except: ['age', 'STATE'] } }, 'name\nAda\n"Cyd, Jr."\nDot\n'],
    ['are asked about though they are not in the output', PEOPLE, { where: 'age > 50', columns: ['name'] }, 'name\n"Cyd, Jr."\n'],
    ['are exactly as many as chosen, whatever a record has', RAGGED, { columns: ['c', 'a'] }, 'c,a\n,1\n3,1\n'],
    ['all of them, in order: still exactly as many', RAGGED, { columns: ['a', 'b', 'c'] }, 'a,b,c\n1,2,\n1,2,3\n'],
    ['alone and empty are quoted, for an empty line is no record', 'a,b\n1,\n2,x\n', { columns: ['b'] }, 'b\n""\nx\n'],
    ['keep the quotes they came with', 'a,b\n"1",2\n', { columns: ['b', 'a'] }, 'b,a\n2,"1"\n'],
    ['repeated and nameless get the names that the service shows', 'a,a,\n1,2,3\n', { columns: ['a_1', 'column3'] }, 'a_1,column3\n2,3\n'],
    ['keep the line ends of the file', 'a,b\r\n1,2\r\n', { columns: ['b'] }, 'b\r\n2\r\n'],
    ['with stray quotes are quoted properly', 'a,b\n5" disk,x\n', { columns: ['b', 'a'] }, 'b,a\nx,"5"" disk"\n'],
    ['after whose closing quote more comes are quoted properly', 'a,b\n"x"y,1\n', { columns: ['a', 'b'] }, 'a,b\n"xy",1\n'],
    ["a CR at a field's end does not become part of the line end", 'a,b\nx\r,1\n', { columns: ['b', 'a'] }, 'b,a\n1,"x\r"\n'],
    ['an open quote at the end of the input is closed', 'a,b\n1,"x', { columns: ['b', 'a'] }, 'b,a\n"x",1\n'],
  ],
  (csv, spec, out) => expect(runFilter(csv, spec).text).toBe(out),
)

cases<[csv: string, spec: object, out: string]>(
  'a CSV of another dialect',
  [
    ['tsv has tabs', PEOPLE, { format: 'tsv' }, 'name\tage\tstate\nAda\t36\tNY\n"Cyd, Jr."\t81\t\nDot\t\tVT\n'],
    ['csv has commas', 'a;b\n"x;y";1,5\n', { format: 'csv' }, 'a,b\n"x;y","1,5"\n'],
    ['has the delimiter that is wanted', PEOPLE, { output_dialect: { delimiter: '|' } }, PEOPLE.replaceAll(/,(?! Jr)/g, '|')],
    ['quotes only where it must', 'a,b\n"1","x,y"\n', { output_dialect: { quoting: 'minimal' } }, 'a,b\n1,"x,y"\n'],
    ['quotes everything', 'a,b\n1,\n', { output_dialect: { quoting: 'all' } }, '"a","b"\n"1",""\n'],
    ['has the quote that is wanted', 'a,b\n"x\'y",""""\n', { output_dialect: { quote: "'" } }, "a,b\n'x''y','\"'\n"],
    ['has the line ends that are wanted, all of them', 'a\n1\r\n2\n', { output_dialect: { newline: 'crlf' } }, 'a\r\n1\r\n2\r\n'],
    ['and none of others', 'a\n1\r\n2\n', { output_dialect: { newline: 'lf' } }, 'a\n1\n2\n'],
    ['keeps line ends that are data', 'a,b\n"x\ny",1\n', { output_dialect: { newline: 'crlf' } }, 'a,b\r\n"x\ny",1\r\n'],
    ['keeps extra and missing fields', RAGGED, { format: 'tsv' }, 'a\tb\tc\n1\t2\n1\t2\t3\t4\t5\n'],
    ['names its columns where it is to', '1,2\n3,4\n', { output_dialect: { header: true } }, 'column1,column2\n1,2\n3,4\n'],
    ['names its columns where one is renamed', '1,2\n3,4\n', { columns: [{ name: 'column2', as: 'b' }] }, 'b\n2\n4\n'],
    ['has no names where the input has none', '1,2\n3,4\n', { columns: ['column2'] }, '2\n4\n'],
  ],
  (csv, spec, out) => expect(runFilter(csv, spec).text).toBe(out),
)

it('what is not UTF-8 stays the bytes it is, in names too', () => {
  expect([...runFilter('gr\xf6\xdfe,b\nx\xfc,1\n', { columns: ['b', 'gr\ufffd\ufffde'] }).bytes]).toEqual([
    ...Uint8Array.from('b,gr\xf6\xdfe\n1,x\xfc\n', (c) => c.charCodeAt(0)),
  ])
})

describe('a file without quotes', () => {
  const bare = { quote: null, escape: null }
  it('stays one where nothing can come to need them', () =>
    expect(runFilter('a,b\n"1,2\n', { columns: ['b', 'a'] }, bare).text).toBe('b,a\n2,"1\n'))
  it('gets them where another delimiter can', () =>
    expect(runFilter('a,b\n1;5,2\n', { output_dialect: { delimiter: ';' } }, bare).text).toBe('a;b\n"1;5";2\n'))
  it('gets them for an empty field alone on its line', () => expect(runFilter('a,b\n1,\n', { columns: ['b'] }, bare).text).toBe('b\n""\n'))
})

it('an escape character of the input stays one, and a named quote is doubled', () => {
  const escaped = { escape: '\\' }
  const csv = 'a,b\n"x\\"y\\\\",1\n'
  expect(runFilter(csv, { columns: ['b', 'a'] }, escaped).text).toBe('b,a\n1,"x\\"y\\\\"\n')
  expect(runFilter(csv, { output_dialect: { quoting: 'minimal' } }, escaped).text).toBe('a,b\n"x\\"y\\\\",1\n')
  expect(runFilter(csv, { format: 'csv' }, escaped).text).toBe('a,b\n"x""y\\",1\n')
})

cases<[csv: string, spec: object, out: string]>(
  'JSON',
  [
    ['objects by name', PEOPLE, { format: 'ndjson' }, '{"name":"Ada","age":"36","state":"NY"}\n{"name":"Cyd, Jr.","age":"81","state":null}\n{"name":"Dot","age":null,"state":"VT"}\n'],
    ['arrays, their names first', PEOPLE, { format: 'arrays', where: 'age > 50' }, '["name","age","state"]\n["Cyd, Jr.","81",null]\n'],
    ['arrays without the names', PEOPLE, { format: 'arrays', where: 'age > 50', output_dialect: { header: false } }, '["Cyd, Jr.","81",null]\n'],
    ['numbers stay the texts they are', 'a\n007\n1e400\n', { format: 'arrays', output_dialect: { header: false } }, '["007"]\n["1e400"]\n'],
    ['columns chosen and renamed', PEOPLE, { format: 'ndjson', where: 'age > 50', columns: ['age', { name: 'name', as: 'who' }] }, '{"age":"81","who":"Cyd, Jr."}\n'],
    ['missing fields are null, extra ones have names by their position', RAGGED, { format: 'ndjson' }, '{"a":"1","b":"2","c":null}\n{"a":"1","b":"2","c":"3","column4":"4","column5":"5"}\n'],
    ['extra fields do not take the name of a column', 'column4,b,c\n1,2,3,x\n', { format: 'ndjson' }, '{"column4":"1","b":"2","c":"3","column4_1":"x"}\n'],
    ['extra fields stand at the end of an array', RAGGED, { format: 'arrays' }, '["a","b","c"]\n["1","2",null]\n["1","2","3","4","5"]\n'],
    ['with columns a record has exactly these', RAGGED, { format: 'arrays', columns: ['c', 'a'] }, '["c","a"]\n[null,"1"]\n["3","1"]\n'],
    ['repeated and nameless columns have names of their own', 'a,a,\n1,2,3\n', { format: 'ndjson' }, '{"a":"1","a_1":"2","column3":"3"}\n'],
    ['a quoted empty field is empty', 'a,b\n"",1\n', { format: 'ndjson' }, '{"a":null,"b":"1"}\n'],
    ['no rows, no lines', PEOPLE, { format: 'ndjson', where: 'FALSE' }, ''],
  ], // biome-ignore format: a table
  (csv, spec, out) => expect(runFilter(csv, spec).text).toBe(out),
)

cases<[spec: object, rows: string, filtered: number]>(
  'of five rows',
  [
    ['a limit keeps the first', { limit: 2 }, '1 2', 3],
    ['an offset passes the first over', { offset: 3 }, '4 5', 3],
    ['both together', { offset: 1, limit: 2 }, '2 3', 3],
    ['a limit of none keeps none', { limit: 0 }, '', 5],
    ['an offset behind the end keeps none', { offset: 9 }, '', 5],
    ['they count the rows that the clause keeps', { where: 'a <> 2', offset: 1, limit: 2 }, '3 4', 3],
    ['a whole sample keeps all', { sample: { rate: 1 } }, '1 2 3 4 5', 0],
  ],
  (spec, rows, filtered) => {
    for (const blockBytes of [1, 3, 64]) {
      const { text, counts } = runFilter('a\n1\n2\n3\n4\n5\n', spec, {}, blockBytes)
      expect(text.split('\n').slice(1, -1).join(' ')).toBe(rows)
      expect(counts).toEqual({ in: 5, out: 5 - filtered, filtered, rejected: 0 })
    }
  },
)

it('ragged rows are rejected behind a limit too', () => {
  const { text, counts } = runFilter('a,b\n1,2\n3\n4,5\n6\n', { limit: 1, ragged: 'reject' }, {}, 4)
  expect([text, counts]).toEqual(['a,b\n1,2\n', { in: 4, out: 1, filtered: 1, rejected: 2 }])
})

describe('the formula guard', () => {
  const csv = 'a,b\n=1+1,-5\n"@x",+49 30\n'
  it('is off unless it is asked for', () => expect(runFilter(csv, { where: 'TRUE' }).text).toBe(csv))
  it('puts an apostrophe in front, in quotes, and says how often and where first', () => {
    const { text, warnings } = runFilter(csv, { formula_guard: true })
    expect(text).toBe('a,b\n"\'=1+1",-5\n"\'@x","\'+49 30"\n')
    expect(warnings).toEqual([{ code: 'formula_guarded', count: 3, first: { record: 1, line: 1, byteOffset: 4 } }])
  })
  it('guards names, uncounted', () => {
    const { text, warnings } = runFilter('=a,b\n1,2\n', { formula_guard: true })
    expect([text, warnings]).toEqual(['"\'=a",b\n1,2\n', []])
  })
})

it('what is not UTF-8 is replaced in JSON, counted by field, and told with its place', () => {
  const { text, warnings } = runFilter('a,b\n\xe4,ok\n1,2\nx\xff,y\xfe\n', { format: 'ndjson' })
  expect(text).toBe('{"a":"\ufffd","b":"ok"}\n{"a":"1","b":"2"}\n{"a":"x\ufffd","b":"y\ufffd"}\n')
  expect(warnings).toContainEqual({ code: 'utf8_replaced', count: 3, first: { record: 1, line: 1, byteOffset: 4 } })
})

cases<[spec: object, facts: object]>(
  'the file',
  [
    ['of a CSV', { where: 'TRUE' }, { format: 'csv', suffix: '.cut.csv', contentType: 'text/csv; charset=utf-8', columns: ['name', 'age', 'state'] }],
    ['of tabs', { format: 'tsv' }, { format: 'csv', suffix: '.cut.tsv', contentType: 'text/tab-separated-values; charset=utf-8' }],
    ['of objects', { format: 'ndjson', columns: ['age'] }, { format: 'ndjson', suffix: '.cut.ndjson', contentType: 'application/x-ndjson', columns: ['age'], hints: {} }],
    ['of arrays', { format: 'arrays' }, { format: 'arrays', suffix: '.cut.jsonl', contentType: 'application/x-ndjson' }],
    ['has its dialect as hints', { output_dialect: { delimiter: ';', newline: 'cr', header: false } }, { hints: { delimiter: ';', quote: '"', escape: '"', comment: null, newline: 'cr', header: false } }],
  ], // biome-ignore format: a table
  (spec, facts) => expect(runFilter(PEOPLE, spec).bound.output).toMatchObject(facts),
)

it('a block is smaller where short records come to long ones, so that what gathers is bounded', () => {
  const wide = Array.from({ length: 2_000 }, (_, i) => `a_column_with_a_long_name_${i}`).join(',')
  const blockBytes = (spec: object) => runFilter(`${wide}\n1\n`, spec).bound.output!.blockBytes
  expect(blockBytes({ where: 'TRUE' })).toBe(256 * 1024)
  const objects = blockBytes({ format: 'ndjson' })
  const line = utf8(runFilter(`${wide}\n1\n`, { format: 'ndjson' }).text).length
  expect((objects / 2) * line).toBeLessThan(17 * 1024 * 1024)
  expect(objects).toBeGreaterThan(100)
})

cases<[spec: object, code: string, detail: string]>(
  'is refused:',
  [
    ['nothing asked for', {}, 'field_invalid', 'Say which rows to keep'],
    ['a column that there is not', { columns: ['nam'] }, 'column_unknown', 'Did you mean "name"?'],
    ['an exception that there is not', { columns: { except: ['nope'] } }, 'column_unknown', 'There is no column "nope".'],
    ['all columns left out', { columns: { except: ['name', 'age', 'state'] } }, 'field_invalid', 'leave at least one in'],
    ['a column that is no name', { columns: ['name', 3] }, 'field_invalid', '/spec/columns/1: Invalid input'],
    ['a renamed column without its name', { columns: ['name', { as: 'x' }] }, 'field_invalid', '/spec/columns/1/name'],
    ['a misspelt exception', { columns: { exept: ['name'] } }, 'field_unknown', '/spec/columns/exept'],
    ['no column', { columns: [] }, 'field_invalid', '/spec/columns'],
    ['two of one name', { columns: ['name', 'name'] }, 'field_invalid', 'give one of them another name'],
    ['two of one name after renaming', { columns: ['name', { name: 'age', as: 'name' }] }, 'field_invalid', 'called "name"'],
    ['a column many times', { columns: [1, 2, 3, 4, 5].map((i) => ({ name: 'age', as: `a${i}` })) }, 'field_invalid', '4 times'],
    ['more columns than there can be', { columns: Array.from({ length: 2_001 }, (_, i) => ({ name: 'age', as: `a${i}` })) }, 'field_invalid', '2000'],
    ['a delimiter for tsv', { format: 'tsv', output_dialect: { delimiter: ';' } }, 'field_invalid', 'Format tsv has tabs'],
    ['a delimiter that is the quote', { output_dialect: { quote: ',' } }, 'dialect_invalid', 'both between its fields'],
    ['a quote of two characters', { output_dialect: { quote: '""' } }, 'field_invalid', '/spec/output_dialect/quote'],
    ['a rate above one', { sample: { rate: 1.5 } }, 'field_invalid', '/spec/sample/rate'],
    ['a seed that is no number of 32 bits', { sample: { rate: 0.5, seed: 2 ** 32 } }, 'field_invalid', '/spec/sample/seed'],
  ], // biome-ignore format: a table
  (spec, code, detail) => {
    const failure = (() => {
      try {
        runFilter(PEOPLE, spec)
      } catch (error) {
        return error
      }
    })()
    expect(failure).toBeInstanceOf(AppError)
    expect([(failure as AppError).code, (failure as AppError).detail]).toEqual([code, expect.stringContaining(detail)])
  },
)

it('a name that several columns could mean must be written exactly', () => {
  expect(() => runFilter('Age,AGE\n1,2\n', { columns: ['age'] })).toThrow(
    /"age" can mean 2 columns: write the one you mean exactly, such as "Age"/,
  )
  expect(runFilter('Age,AGE\n1,2\n', { columns: ['AGE'] }).text).toBe('AGE\n2\n')
})

describe('count', () => {
  const numbers = Array.from({ length: 300 }, (_, i) => i)
  const csv = `n,x\n${numbers.map((n) => `${n},"a, b"\n`).join('')}`

  it('shows the first rows as they would be written, many batches on', () => {
    const shown = numbers.filter((n) => n % 2 === 1).slice(0, 120)
    const where = `n IN (${numbers.filter((n) => n % 2 === 1).join(', ')})`
    for (const blockBytes of [64, 1 << 16]) {
      const asCame = runOperation('count', csv, { where, head: 120 }, {}, blockBytes)
      expect(asCame.answer).toEqual({ head: `n,x\n${shown.map((n) => `${n},"a, b"\n`).join('')}`, head_rows: 120, head_truncated: false })
      expect(asCame.counts).toEqual({ in: 300, out: 150, filtered: 150, rejected: 0 })
    }
    const arrays = runOperation('count', csv, { where, head: 1, format: 'arrays', columns: ['x', 'n'] })
    expect(arrays.answer).toMatchObject({ head: '["x","n"]\n["a, b","1"]\n' })
  })

  it('counts all rows without a clause, and a sample of them', () => {
    expect(runOperation('count', csv, {}).counts.out).toBe(300)
    const { out, filtered } = runOperation('count', csv, { sample: { rate: 0.5 } }).counts
    expect(out + filtered).toBe(300)
    expect(out).toBe(runFilter(csv, { sample: { rate: 0.5 } }).counts.out)
  })
})
