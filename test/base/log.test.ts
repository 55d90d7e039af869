import { expect, it } from 'vitest'
import { about, type Log } from '../../shared/base/log.ts'

it('a log about something says so in every line, and a line may say it more exactly', () => {
  const lines: unknown[][] = []
  const plain: Log = {
    info: (...line) => void lines.push(['info', ...line]),
    warn: (...line) => void lines.push(['warn', ...line]),
    error: (...line) => void lines.push(['error', ...line]),
  }
  const cause = new Error('x')
  const log = about(about(plain, { job: 'j', chunk: 1 }), { request: 'r' })
  log.info('a', { ms: 5 })
  log.warn('b', { chunk: 2 })
  log.error('c', {}, cause)
  expect(lines).toEqual([
    ['info', 'a', { job: 'j', chunk: 1, request: 'r', ms: 5 }],
    ['warn', 'b', { job: 'j', chunk: 2, request: 'r' }],
    ['error', 'c', { job: 'j', chunk: 1, request: 'r' }, cause],
  ])
})
