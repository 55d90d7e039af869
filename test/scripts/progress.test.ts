import { describe, expect, it } from 'vitest'
import { byteSize, counted, duration, grouped, speed } from '../../scripts/lib/numbers.ts'
import { makeProgress } from '../../scripts/lib/progress.ts'

const screen = (isTTY: boolean) => {
  const written: string[] = []
  return { isTTY, columns: 20, written, write: (text: string) => written.push(text) }
}

describe('progress', () => {
  it('is one line on a terminal, rewritten, cut to its width, and taken away at the end', () => {
    const terminal = screen(true)
    let now = 0
    const progress = makeProgress(terminal, false, () => now)
    progress.stage('starting')
    progress.update('too soon to be seen')
    now = 100
    progress.update('a line that is longer than the terminal is wide')
    progress.clear()
    expect(terminal.written).toEqual(['\r\u001b[2Kstarting', '\r\u001b[2Ka line that is long', '\r\u001b[2K'])
  })

  it('elsewhere is a line for each stage and one every five seconds', () => {
    const pipe = screen(false)
    let now = 0
    const progress = makeProgress(pipe, false, () => now)
    progress.stage('uploading')
    for (now = 1_000; now <= 11_000; now += 1_000) progress.update(`at ${now}`)
    progress.clear()
    expect(pipe.written).toEqual(['uploading\n', 'at 5000\n', 'at 10000\n'])
  })

  it('is nothing when it is to be quiet', () => {
    const terminal = screen(true)
    const progress = makeProgress(terminal, true)
    progress.stage('uploading')
    progress.clear()
    expect(terminal.written).toEqual([])
  })
})

describe('figures', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1,000'],
    [1_234_567, '1,234,567'],
  ])('%d is shown as %s', (value, text) => expect(grouped(value)).toBe(text))

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.00 kB'],
    [23_400, '23.4 kB'],
    [999_600, '1.00 MB'],
    [213_000_000, '213 MB'],
    [4.2e9, '4.20 GB'],
    [1e16, '10000 TB'],
  ])('%d bytes are %s', (bytes, text) => expect(byteSize(bytes)).toBe(text))

  it.each([
    [350, '0.35 s'],
    [12_340, '12.3 s'],
    [125_000, '2 min 05 s'],
    [3_599_900, '60 min 00 s'],
  ])('%d ms are %s', (ms, text) => expect(duration(ms)).toBe(text))

  it.each([
    [213e6, 1_000, '213 MB/s'],
    [1e6, 500, '2.0 MB/s'],
    [5e6, 0, '5000 MB/s'],
  ])('%d bytes in %d ms are %s', (bytes, ms, text) => expect(speed(bytes, ms)).toBe(text))

  it('one row is not several', () => {
    expect([counted(1, 'row'), counted(0, 'row'), counted(2, 'entry', 'entries')]).toEqual(['1 row', '0 rows', '2 entries'])
  })
})
