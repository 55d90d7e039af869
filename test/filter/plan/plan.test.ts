/** The plan beside the twin: every clause here is worked out both ways by keptRows, which holds them against each other. What a plan may not change is tested in evaluate.test.ts. */
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../shared/base/bytes.ts'
import { DEFAULT_DIALECT } from '../../../shared/csv/dialect.ts'
import type { Kernel } from '../../../shared/csv/kernel-memory.ts'
import { kernelScanner } from '../../../shared/csv/kernel-scanner.ts'
import type { RecordBatch } from '../../../shared/csv/record-batch.ts'
import { eachSelected, selectAll } from '../../../shared/csv/selection.ts'
import { type Bits, bitmapsOf, wordsFor } from '../../../shared/filter/plan/bits.ts'
import { type Frame, logicNode, type Node } from '../../../shared/filter/plan/node.ts'
import { planFilter } from '../../../shared/filter/plan/plan.ts'
import { testKernel } from '../../support/kernel.ts'
import { scanOptions } from '../../support/scan.ts'
import { filterOf, keptRows, tableOf } from '../table.ts'

const rowsOf = (values: readonly string[]): string => `a,b,c\n${values.map((value, i) => `${value},${i},x${i % 7}\n`).join('')}`

const VALUES = [
  ...[
    '1',
    '1.0',
    '01',
    '+1',
    ' 1',
    '1 ',
    '1e0',
    '10',
    '-1',
    '-0',
    '0',
    '',
    '""',
    '"1"',
    '"1""',
    'abc',
    'ABC',
    'Abc',
    'é',
    'É',
    'K',
    '1_0',
    'nan',
    'inf',
    '-inf',
  ],
  ...['9007199254740993', '0.1', '0.30000000000000004', '1e400', '123456789012345678901234567890', '.5', '5.', '.', '-', '+-1', '0x10'],
  ...[
    '2024-01-31',
    '2024-1-31',
    '2024/01/31',
    '2024-02-30',
    '2023-02-29',
    '2024-02-29',
    '2024-01-31 10:00',
    '2024-01-31T10:00:00.5Z',
    '2024-01-31 24:00:00',
  ],
  ...[
    '2024-01-31 abc',
    '2024-01-31 (BC)',
    '12024-01-31',
    '-2024-01-31',
    'infinity',
    'epoch',
    ' 2024-01-31',
    '24-01-31',
    '2024-01-311',
    '2024-01-31 10:00:00+02',
  ],
  ...[
    'true',
    'T',
    'yes',
    'Y',
    'no',
    'F',
    'false',
    'FALSE',
    'on',
    'tr',
    'Yes ',
    'nope',
    'a%b',
    'a_b',
    'ab',
    'axb',
    '"a\nb"',
    '"x,y"',
    '"say ""hi"""',
    '"a"b',
  ],
]

const TABLE = tableOf(utf8(rowsOf(VALUES)))
const COMPARISONS = ['=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM']
const OPERANDS = [
  ...[
    '1',
    '0',
    '-1',
    '0.1',
    '9007199254740992',
    '1e400',
    "CAST('nan' AS DOUBLE)",
    "'abc'",
    "'1'",
    "''",
    "'é'",
    "'a long text that is more than sixteen bytes'",
  ],
  ...[
    "DATE '2024-01-31'",
    "DATE '2023-03-01'",
    "DATE 'infinity'",
    "DATE '-2024-01-31'",
    "TIMESTAMP '2024-01-31 10:00:00.5'",
    "TIMESTAMP '2024-02-01'",
    'TRUE',
    'FALSE',
  ],
]

describe('a column against a literal', () => {
  it.each(COMPARISONS)('%s', (operator) => {
    for (const operand of OPERANDS) {
      keptRows(TABLE, `a ${operator} ${operand}`)
      keptRows(TABLE, `${operand} ${operator} a`)
      keptRows(TABLE, `NOT (a ${operator} ${operand}) OR c = 'x3'`)
    }
  })

  it.each([
    ...[
      'a IN (1, 10, 0)',
      'a NOT IN (1, 0.1)',
      "a IN ('abc', 'ABC', 'é', '1')",
      "a NOT IN ('abc')",
      "a IN ('abc', NULL)",
      "a IN (1, CAST('nan' AS DOUBLE))",
    ],
    ...[
      'a BETWEEN 0 AND 5',
      "a NOT BETWEEN 'a' AND 'b'",
      "a BETWEEN DATE '2024-01-01' AND DATE '2024-12-31'",
      'a IS NULL',
      'a IS NOT NULL',
      'a',
      'NOT a',
      'a IS TRUE',
      'a IS NOT FALSE',
    ],
    ...[
      "a LIKE '%b%'",
      "a LIKE 'a%b'",
      "a LIKE '%'",
      "a LIKE ''",
      "a LIKE '1%'",
      "a LIKE '%1'",
      "a LIKE '%a%b%'",
      "a LIKE '_b_'",
      "a LIKE 'a$%b' ESCAPE '$'",
      "a NOT LIKE '%1%'",
    ],
    ...["a ILIKE 'abc'", "a ILIKE '%É%'", "a ILIKE 'k'", "a ILIKE '_BC'", "a ILIKE '%B%'", "a LIKE '%\n%'"],
    ...[
      "a > 0 AND b < 40 AND c <> 'x2'",
      "a > 0 OR a = 'abc' OR b IN (3, 4)",
      '(a > 0 AND b < 40) IS NULL',
      "(a = 1 OR a = 'abc') IS NOT TRUE",
      "NOT (a > 0 AND (b < 40 OR NOT c = 'x1'))",
    ],
  ])('%s', (clause) => {
    keptRows(TABLE, clause)
  })
})

describe('a clause', () => {
  it('deeper than there are bitmaps is left to the twin from there on', () => {
    let clause = 'a > 0'
    for (let i = 0; i < 9; i++) clause = `(NOT ${clause} OR b = ${i}) IS NOT NULL`
    keptRows(TABLE, clause)
  })

  it('finds each of hundreds of texts, and no other', () => {
    const texts = Array.from({ length: 700 }, (_, i) => `v${i * 2}`)
    const table = tableOf(utf8(rowsOf(Array.from({ length: 1_500 }, (_, i) => `v${i}`))))
    expect(
      keptRows(
        table,
        `a IN (${texts
          .map((text) => `'${text}'`)
          .join(',')
          .slice(0, 3_300)
          .replace(/,[^,]*$/, '')})`,
      ).length,
    ).toBeGreaterThan(400)
  })

  it('knows its columns in batches where some records are too short or too long', () => {
    const table = tableOf(utf8('a,b,c\n1,2\n1,2,3,4\n1\n\n\r\n1,2,3\n,,3\n"1",2,3\r\n'))
    for (const clause of ['c = 3', 'c IS NULL', "b = '2' AND c >= 3", 'a = 1 AND NOT c = 3']) keptRows(table, clause)
  })
})

const batchOf = (kernel: Kernel, text: string): RecordBatch => {
  const scanner = kernelScanner(kernel)(scanOptions({ columns: 3 }))
  return scanner.push(utf8(text))
}

it('two plans on one kernel put their own constants in before they use it', () => {
  const kernel = testKernel()
  const plans = ["a = 'one'", "a = 'two'"].map((clause) => planFilter(filterOf(clause, ['a', 'b', 'c']), DEFAULT_DIALECT))
  for (let i = 0; i < 4; i++) {
    const batch = batchOf(kernel, 'one,1,1\ntwo,2,2\n')
    const kept: number[] = []
    eachSelected(plans[i % 2]!.select(batch), batch.count, (r) => void kept.push(r))
    expect(kept).toEqual([i % 2])
  }
})

describe('AND', () => {
  /** Answers TRUE for the records of `trues`, and counts what it was asked about. */
  const counting = (cost: number, trues: number, seen: { asked: number }): Node => ({
    cost,
    levels: 1,
    bind: () => {},
    run: (frame: Frame, alive: Bits, level: number) => {
      const { trues: answer, unknowns } = frame.levels[level]!
      for (let w = 0; w < frame.words; w++) {
        for (let word = alive.words[w]!; word !== 0; word &= word - 1) seen.asked++
        answer.words[w] = alive.words[w]! & (w === 0 ? trues : 0)
        unknowns.words[w] = 0
      }
    },
  })

  const run = (nodes: readonly Node[], batches: number): void => {
    const kernel = testKernel()
    const batch = batchOf(kernel, '1,2,3\n'.repeat(32))
    const frame: Frame = { ...bitmapsOf(kernel), kernel, batch, words: wordsFor(batch.count), turn: 0 }
    const node = logicNode('AND', nodes, true)
    for (let i = 0; i < batches; i++) {
      selectAll(frame.levels[0]!.live.words, batch.count)
      node.run(frame, frame.levels[0]!.live, 1)
    }
  }

  it('asks the cheap operand first, and the dear one only about what is left', () => {
    const [cheap, dear] = [{ asked: 0 }, { asked: 0 }]
    run([counting(100, 0xffff, dear), counting(1, 0b11, cheap)], 1)
    expect([cheap.asked, dear.asked]).toEqual([32, 2])
  })

  it('learns which of two equal operands decides more', () => {
    const [weak, strong] = [{ asked: 0 }, { asked: 0 }]
    run([counting(5, 0xffffffff, weak), counting(5, 1, strong)], 20)
    expect(strong.asked).toBe(20 * 32)
    expect(weak.asked).toBeLessThan(20 * 16)
  })
})
