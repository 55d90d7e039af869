import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, utf8 } from '../../shared/base/bytes.ts'
import { compileFilter } from '../../shared/filter/evaluate.ts'
import { filterOf, keptRows, tableOf } from './table.ts'

/** A table of one text column `v` and a number `n` of the row; quoted, so that any text can stand in it. */
const column = (values: readonly string[]) =>
  tableOf(utf8(`v,n\n${values.map((value, n) => `${value === '' ? '' : `"${value.replaceAll('"', '""')}"`},${n}\n`).join('')}`))

const kept = (values: readonly string[], clause: string): string[] => keptRows(column(values), clause).map((n) => values[n]!)

describe('a clause keeps', () => {
  it.each<[fact: string, clause: string, values: string[], kept: string[]]>([
    [
      'nothing that is compared with a CASE of NULLs, of whatever type',
      'v IN (5, CASE WHEN v THEN NULL END) OR NULL = NULL',
      ['5', '1', ''],
      ['5'],
    ],
    ['numbers compared as numbers', 'v > 60', ['7', '61', '100', '60.5', 'x', ''], ['61', '100', '60.5']],
    ['texts compared as bytes', "v > '60'", ['7', '61', '100', '60.5', 'x', ''], ['7', '61', '60.5', 'x']],
    ['bytes beyond ASCII behind ASCII', "v > 'z'", ['é', 'Z', 'zz', '😀', '\ufffd'], ['é', 'zz', '😀', '\ufffd']],
    ['code points in the order of UTF-8, not of UTF-16', "v > '\ufffd'", ['😀', '\uffff', 'a'], ['😀', '\uffff']],
    ['a prefix before what it begins', "v < 'ab'", ['a', 'ab', 'abc'], ['a']],
    ['no text that differs in case or spaces', "v = 'a'", ['a', 'A', 'a ', ' a'], ['a']],
    [
      'numbers however they are written',
      'v = 1000',
      ['1000', '1e3', ' 1000.0 ', '1_000', '1,000', '0x3E8'],
      ['1000', '1e3', ' 1000.0 ', '1_000'],
    ],
    [
      'large numbers as doubles',
      'v = 9007199254740993',
      ['9007199254740992', '9007199254740993', '9007199254740994'],
      ['9007199254740992', '9007199254740993'],
    ],
    ['NaN as equal to NaN', "CAST(v AS DOUBLE) = CAST('nan' AS DOUBLE)", ['nan', 'NaN', '-nan', 'inf', '1'], ['nan', 'NaN', '-nan']],
    ['NaN as greater than infinity', 'v > 1e400', ['nan', 'inf', '1'], ['nan']],
    ['zero of either sign', 'v = 0', ['-0', '0', '+0', '0.0'], ['-0', '0', '+0', '0.0']],
    ['no row where a value is NULL', "v <> 'a'", ['', 'a', 'b'], ['b']],
    ['no row that is compared with an empty text', "v = ''", ['', 'a'], []],
    ['no row that is compared with NULL', 'v = NULL OR v <> NULL', ['', 'a'], []],
    ['NULL by IS NULL', 'v IS NULL', ['', 'a', ' '], ['']],
    ['what is no number by IS NULL of a cast', 'CAST(v AS DOUBLE) IS NULL', ['', 'a', '5'], ['', 'a']],
    ['NULL as distinct from a value', "v IS DISTINCT FROM 'a'", ['', 'a', 'b'], ['', 'b']],
    ['NULL as not distinct from NULL', 'v IS NOT DISTINCT FROM NULL', ['', 'a'], ['']],
    ['a column as a condition', 'v', ['true', 'T', 'yes', '1', 'false', 'no', 'on', ''], ['true', 'T', 'yes', '1']],
    ['IS NOT TRUE with NULL', 'v IS NOT TRUE', ['true', 'no', 'x', ''], ['no', 'x', '']],
    ['IS FALSE', 'v IS FALSE', ['true', 'no', 'x', ''], ['no']],
    ['IS NOT FALSE', 'v IS NOT FALSE', ['true', 'no', 'x', ''], ['true', 'x', '']],
    ['IN a list of texts', "v IN ('a', 'b', 'é')", ['a', 'A', 'é', '', 'c'], ['a', 'é']],
    ['IN a list of numbers', 'v IN (1, 2.50, -0)', ['1', '2.5', '0', 'x', ''], ['1', '2.5', '0']],
    ['NOT IN', "v NOT IN ('a', 'b')", ['a', 'c', ''], ['c']],
    ['nothing by NOT IN with NULL', "v NOT IN ('a', NULL)", ['a', 'c', ''], []],
    ['IN with NULL only what is found', "v IN ('a', NULL)", ['a', 'c', ''], ['a']],
    ['IN a list with columns', "v IN (n, 'x')", ['0', '5', 'x', '3'], ['0', 'x', '3']],
    ['IN a list of dates', "v IN (DATE '2024-01-31', DATE 'x')", ['2024-01-31', '2024/1/31', '2024-02-01'], ['2024-01-31', '2024/1/31']],
    [
      'IN a list of timestamps that pass 2^53',
      "v IN (TIMESTAMP '9999-12-31 23:59:59.999999')",
      ['9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999998'],
      ['9999-12-31 23:59:59.999999'],
    ],
    ['BETWEEN both ends', 'v BETWEEN 2 AND 10', ['1', '2', '10', '11', ''], ['2', '10']],
    ['nothing BETWEEN the wrong way round', 'v BETWEEN 10 AND 2', ['5'], []],
    ['NOT BETWEEN what one end already rules out', 'v NOT BETWEEN NULL AND 3', ['5', '2', ''], ['5']],
    ['dates', "v < DATE '2024-02-01'", ['2024-01-31', '2024/02/01', '2024-1-3 10:00', 'x', ''], ['2024-01-31', '2024-1-3 10:00']],
    [
      'timestamps next to dates',
      "CAST(v AS DATE) < TIMESTAMP '2024-01-31 00:00:01'",
      ['2024-01-31 23:00', '2024-02-01'],
      ['2024-01-31 23:00'],
    ],
    [
      'timestamps to the microsecond',
      "v > TIMESTAMP '9999-12-31 23:59:59.999998'",
      ['9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999998', 'infinity'],
      ['9999-12-31 23:59:59.999999', 'infinity'],
    ],
    ['LIKE', "v LIKE 'a%' AND v NOT LIKE '%b'", ['ab', 'ac', 'ca', ''], ['ac']],
    ['LIKE a column', 'v LIKE n', ['0', '5', '2'], ['0', '2']],
    ['ILIKE with an escape', "v ILIKE '%$%' ESCAPE '$'", ['5%', '5', 'A%'], ['5%', 'A%']],
    ['a condition compared', '(v > 5) = TRUE', ['6', '5', 'x'], ['6']],
    ['line ends and quotes in a field', 'v = \'a\n"b"\'', ['a\n"b"', 'ab'], ['a\n"b"']],
    ['every row by TRUE', 'TRUE', ['', 'a'], ['', 'a']],
    ['no row by NULL', 'NULL', ['', 'a'], []],
  ])('%s', (_fact, clause, values, expected) => {
    expect(kept(values, clause)).toEqual(expected)
  })

  it('a field beyond the end of a short record as NULL', () => {
    expect(keptRows(tableOf(utf8('a,b\n1,2\n1\n1,\n1,2,3\n')), 'b IS NULL')).toEqual([1, 2])
  })

  it('an empty field as NULL, quoted or not', () => {
    expect(keptRows(tableOf(utf8('a,b\n"",1\n,1\n" ",1\n')), 'a IS NULL')).toEqual([0, 1])
  })

  it('bytes that are no UTF-8 by their bytes', () => {
    const table = tableOf(
      concatBytes([utf8('a,n\n'), Uint8Array.of(0xff, 0x2c, 0x31, 0x0a), Uint8Array.of(0xfe, 0x2c, 0x32, 0x0a), utf8('é,3\n')]),
    )
    expect(keptRows(table, "a > 'é'")).toEqual([0, 1])
    expect(keptRows(table, "a = '\ufffd'")).toEqual([])
    expect(keptRows(table, "a LIKE '_'")).toEqual([0, 1, 2])
    expect(keptRows(table, 'length(a) = 1')).toEqual([0, 1, 2])
    expect(keptRows(table, "left(a || 'b', 1) = a AND right('b' || a, 1) = a")).toEqual([0, 1, 2])
    expect(keptRows(table, "reverse(a || 'b') = 'b' || a")).toEqual([0, 1, 2])
    expect(keptRows(table, "upper(a || 'x') = a || 'X'")).toEqual([0, 1])
    expect(keptRows(table, "a REGEXP '^\ufffd$'")).toEqual([0, 1])
    expect(keptRows(table, "a REGEXP '^\\pL$'")).toEqual([2])
    expect(keptRows(table, "regexp_extract(a, '.') = '\ufffd'")).toEqual([0, 1])
  })
})

describe('three-valued logic', () => {
  type Truth = boolean | null
  interface Model {
    readonly clause: string
    readonly value: (row: readonly Truth[]) => Truth
  }
  const NAMES = ['p', 'q', 'r']
  const WORDS = new Map<Truth, string>([
    [true, 'true'],
    [false, 'no'],
    [null, ''],
  ])
  const truths = [true, false, null]
  const rows = truths.flatMap((p) => truths.flatMap((q) => truths.map((r) => [p, q, r])))
  const table = tableOf(utf8(`p,q,r\n${rows.map((row) => `${row.map((truth) => WORDS.get(truth)).join(',')}\n`).join('')}`))

  /** Kleene's tables: AND is the least, OR the greatest, in the order FALSE, NULL, TRUE. */
  const rank = (truth: Truth): number => (truth === null ? 1 : truth ? 2 : 0)
  const truthOf = [false, null, true] as const
  const least = (a: Truth, b: Truth): Truth => truthOf[Math.min(rank(a), rank(b))]!
  const greatest = (a: Truth, b: Truth): Truth => truthOf[Math.max(rank(a), rank(b))]!
  const opposite = (a: Truth): Truth => truthOf[2 - rank(a)]!

  /** Comparisons of truths, NULL if one side is. */
  const equal = (a: Truth, b: Truth): Truth => (a === null || b === null ? null : a === b)
  const atLeast = (a: Truth, b: Truth): Truth => (a === null || b === null ? null : Number(a) >= Number(b))

  const models = fc.letrec<{ model: Model }>((tie) => ({
    model: fc.oneof(
      { maxDepth: 4 },
      fc.nat(2).map((index) => ({ clause: `CAST(${NAMES[index]} AS BOOLEAN)`, value: (row) => row[index]! }) as Model),
      fc.constantFrom<Model>(
        { clause: 'TRUE', value: () => true },
        { clause: 'FALSE', value: () => false },
        { clause: 'NULL', value: () => null },
      ),
      fc
        .tuple(tie('model'), tie('model'))
        .map(([a, b]) => ({ clause: `(${a.clause} AND ${b.clause})`, value: (row) => least(a.value(row), b.value(row)) }) as Model),
      fc
        .tuple(tie('model'), tie('model'))
        .map(([a, b]) => ({ clause: `(${a.clause} OR ${b.clause})`, value: (row) => greatest(a.value(row), b.value(row)) }) as Model),
      tie('model').map((a) => ({ clause: `(NOT ${a.clause})`, value: (row) => opposite(a.value(row)) }) as Model),
      fc.array(tie('model'), { minLength: 1, maxLength: 3 }).map((list) => {
        const clauses = list.map(({ clause }) => clause).join(', ')
        return {
          clause: `coalesce(${clauses})`,
          value: (row) => list.map(({ value }) => value(row)).find((v) => v !== null) ?? null,
        } as Model
      }),
      fc.tuple(tie('model'), tie('model')).map(([a, b]) => {
        const value = (row: readonly Truth[]) => (a.value(row) !== null && a.value(row) === b.value(row) ? null : a.value(row))
        return { clause: `nullif(${a.clause}, ${b.clause})`, value } as Model
      }),
      fc.tuple(tie('model'), tie('model'), tie('model')).map(([a, b, c]) => {
        const value = (row: readonly Truth[]) => (a.value(row) === true ? b.value(row) : c.value(row))
        return { clause: `(CASE WHEN ${a.clause} THEN ${b.clause} ELSE ${c.clause} END)`, value } as Model
      }),
      fc.tuple(tie('model'), tie('model'), tie('model')).map(([a, b, c]) => {
        const value = (row: readonly Truth[]) => (equal(a.value(row), b.value(row)) === true ? c.value(row) : null)
        return { clause: `(CASE ${a.clause} WHEN ${b.clause} THEN ${c.clause} END)`, value } as Model
      }),
      fc.tuple(tie('model'), tie('model'), tie('model'), fc.boolean()).map(([a, b, c, negated]) => {
        const found = (row: readonly Truth[]) => greatest(equal(a.value(row), b.value(row)), equal(a.value(row), c.value(row)))
        const value = (row: readonly Truth[]) => (negated ? opposite(found(row)) : found(row))
        return { clause: `(${a.clause} ${negated ? 'NOT ' : ''}IN (${b.clause}, ${c.clause}))`, value } as Model
      }),
      fc.tuple(tie('model'), tie('model'), tie('model')).map(([a, b, c]) => {
        const value = (row: readonly Truth[]) => least(atLeast(a.value(row), b.value(row)), atLeast(c.value(row), a.value(row)))
        return { clause: `(${a.clause} BETWEEN ${b.clause} AND ${c.clause})`, value } as Model
      }),
      fc.tuple(tie('model'), fc.constantFrom(...truths)).map(([a, wanted]) => {
        const word = wanted === null ? 'NULL' : wanted ? 'TRUE' : 'FALSE'
        return { clause: `(${a.clause} IS ${word})`, value: (row) => a.value(row) === wanted } as Model
      }),
    ),
  })).model

  it('is that of Kleene, and of the clause printed again', () => {
    fc.assert(
      fc.property(models, ({ clause, value }) => {
        const expected = rows.flatMap((row, index) => (value(row) === true ? [index] : []))
        expect(keptRows(table, clause)).toEqual(expected)
        expect(keptRows(table, filterOf(clause, NAMES).clause)).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a clause that is meant to be costly', () => {
  const nest = (depth: number, wrap: (inner: string) => string, core: string): string =>
    depth === 0 ? core : nest(depth - 1, wrap, wrap(core))

  it.each([
    ['a BETWEEN in a BETWEEN in …', nest(28, (inner) => `(${inner}) BETWEEN n AND TRUE`, 'v')],
    ['a CASE as the subject of a CASE of …', `${nest(28, (inner) => `CASE ${inner} WHEN 0 THEN 1 WHEN 2 THEN 3 ELSE 4 END`, 'n')} = 4`],
    ['a constant in a BETWEEN in …', nest(15, (inner) => `if((${inner}) BETWEEN FALSE AND TRUE, TRUE, FALSE)`, '1 = 1')],
  ])('is computed part by part, each once: %s', (_what, clause) => {
    expect(kept(['t', 'no'], clause).length).toBeLessThanOrEqual(2)
  })

  it('stops at a text that is too long, and says who asked for it', () => {
    const clause = `${nest(4, (inner) => `replace(${inner}, 'a', '${'a'.repeat(200)}')`, 'v')} = 'x'`
    expect(() => kept(['aaaaaaaa'], clause)).toThrow(
      expect.objectContaining({ code: 'text_too_long', detail: expect.stringMatching('replace') }),
    )
    for (const call of ["lpad(v, 9999999, 'x')", "rpad(v, 9999999, 'é')", 'repeat(v, 9999999)'])
      expect(() => kept(['aa'], `${call} = 'x'`)).toThrow(expect.objectContaining({ code: 'text_too_long' }))
    const joined = (join: string, [open, close]: readonly [string, string]) =>
      `${open}${Array.from({ length: 600 }, () => 'v').join(join)}${close} = 'x'`
    const long = 'a'.repeat(10_000)
    for (const clause of [joined(' || ', ['', '']), joined(', ', ['concat(', ')']), joined(', ', ["concat_ws('-', ", ')'])])
      expect(() => kept([long], clause)).toThrow(expect.objectContaining({ code: 'text_too_long' }))
  })
})

describe('a compiled filter', () => {
  const table = tableOf(utf8('a\n1\n2\n3\n'))
  const choose = compileFilter(filterOf('a > 1', ['a']), table.dialect)

  it('writes over what was selected before, and leaves nothing behind the batch', () => {
    const selected = Uint32Array.of(0xffffffff, 0xffffffff)
    choose(table.batches[0]!, selected)
    expect([...selected]).toEqual([0b110, 0])
  })

  it('remembers no value from the batch before', () => {
    const other = tableOf(utf8('a\n5\n0\n'))
    const selected = new Uint32Array(2)
    for (const [batch, expected] of [
      [table.batches[0]!, 0b110],
      [other.batches[0]!, 0b01],
      [table.batches[0]!, 0b110],
    ] as const) {
      choose(batch, selected)
      expect(selected[0]).toBe(expected)
    }
  })
})
