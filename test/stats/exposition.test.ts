import { expect, it } from 'vitest'
import { exposition } from '../../shared/stats/exposition.ts'

it('a family is its description, its kind and its samples', () => {
  const samples = [
    { labels: {}, value: 1 },
    { labels: { a: 'x', b: 'y' }, value: 0.5 },
    { labels: { le: '+Inf' }, value: 2, suffix: '_bucket' as const },
  ]
  expect(exposition([{ name: 'n', type: 'histogram', help: 'What it is.', samples }])).toBe(
    '# HELP n What it is.\n# TYPE n histogram\nn 1\nn{a="x",b="y"} 0.5\nn_bucket{le="+Inf"} 2\n',
  )
})

it('a family that has counted nothing is there, and the document ends with a line end', () =>
  expect(exposition([{ name: 'n', type: 'counter', help: 'h', samples: [] }])).toBe('# HELP n h\n# TYPE n counter\n'))

it('what would end a text early is escaped', () => {
  const samples = [{ labels: { a: 'q"u\\o\nte' }, value: 1 }]
  expect(exposition([{ name: 'n', type: 'gauge', help: 'a\nb\\c "d"', samples }])).toBe(
    '# HELP n a\\nb\\\\c "d"\n# TYPE n gauge\nn{a="q\\"u\\\\o\\nte"} 1\n',
  )
})
