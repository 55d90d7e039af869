import { describe, expect, test } from 'vitest'
import { cutText, padText, safeText, textWidth } from '../../shared/client/terminal-text.ts'

describe('what would do more than show is escaped', () => {
  test.each([
    ['plain é 日本 👩‍👩‍👧', 'plain é 日本 👩‍👩‍👧'],
    ['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
    ['a\nb\r\tc\u0000', 'a\\nb\\r\\tc\\0'],
    ['\u0007\u007f\u009b', '\\x07\\x7f\\x9b'],
    ['\u202eabc\u2066', '\\u202eabc\\u2066'],
    ['a\u200bb\ufeff\u2028', 'a\\u200bb\\ufeff\\u2028'],
  ])('%j', (text, safe) => expect(safeText(text)).toBe(safe))
})

describe('columns of', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['日本', 4],
    ['한국', 4],
    ['ﾊﾝ', 2],
    ['Ａ', 2],
    ['👍', 2],
    ['👍🏽', 2],
    ['👩‍👩‍👧', 2],
    ['❤️', 2],
    ['🇩🇪', 2],
    ['…', 1],
  ])('%j: %d', (text, width) => expect(textWidth(text)).toBe(width))
})

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 5, 'abcd…'],
  ['abcdef', 1, '…'],
  ['abcdef', 0, ''],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
])('%j cut to %d columns is %j', (text, width, cut) => expect(cutText(text, width)).toBe(cut))

test('filling counts columns, not characters', () => {
  expect(padText('日本', 6, 'left')).toBe('日本  ')
  expect(padText('7', 3, 'right')).toBe('  7')
  expect(padText('abcd', 3, 'right')).toBe('abcd')
})
