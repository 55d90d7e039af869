/** The benchmark as it is run: real processes, small lists. Speeds are never judged here. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { newPlace } from '../support/cli.ts'

const place = newPlace('bench')
afterAll(() => place.remove())

const SMALL = ['--mb', '0.1', '--runs', '1', '--data', place.file('data')]
const bench = (...args: string[]) => place.run('bench.ts', ...SMALL, ...args).ended

/** A folder of peers with a uDSV that loses every second row. */
const badPeers = (): string => {
  const folder = place.file('peers')
  const module = path.join(folder, 'node_modules/udsv')
  mkdirSync(module, { recursive: true })
  writeFileSync(path.join(module, 'package.json'), '{"name": "udsv", "version": "0.7.3", "main": "index.js"}')
  writeFileSync(
    path.join(module, 'index.js'),
    `exports.inferSchema = () => ({})
exports.initParser = () => ({
  chunk: (text, parse, take) => text.trim().split('\\n').slice(1).forEach((row, r) => r % 2 && take(row.split(','))),
  end: () => {},
})\n`,
  )
  return folder
}

describe('npm run bench', () => {
  it('--json prints scenarios with speeds and nothing else', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await bench('--json', '--only', 'number-40|count', '--against', 'csv-parse|memory')
    expect(code, stderr).toBe(0)
    const speed = expect.any(Number)
    expect(JSON.parse(stdout)).toEqual([
      { scenario: 'number-40', ours_mb_s: speed, peers: { 'csv-parse': speed, 'memory-copy': speed } },
      { scenario: 'count', ours_mb_s: speed, peers: { 'csv-parse': speed } },
    ])
  })

  it('prints a table for people', { timeout: 60_000 }, async () => {
    const { code, stdout } = await bench('--only', '^stray$', '--against', 'csv-parse')
    expect(code).toBe(0)
    expect(stdout).toMatch(/lists of 0\.1 MB[\s\S]*\nscenario +ours MB\/s[\s\S]*\nstray +[\d.]+ +csv-parse +[\d.]+ +[\d.]+× +rows\n$/)
  })

  it('fails and says why when a peer gives another answer', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await bench('--only', 'number-40', '--against', 'udsv|csv-parse', '--peers', badPeers())
    expect(code).toBe(1)
    expect(stdout).toMatch(/csv-parse +[\d.]+ .*bytes\n[\s\S]*udsv +WRONG: \d+ rows and \d+/)
    expect(stderr).toMatch(/Not everybody gave the same answer:\nnumber-40: udsv: \d+ rows and \d+/)
  })

  it('--steps says where our own time goes', { timeout: 60_000 }, async () => {
    const { code, stdout } = await bench('--steps', '--only', 'number-40')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^number-40 +[\d.]+ ms = read .* \+ scan .* \+ select .* \+ gather and write .* %\)\n$/)
  })

  it('--list names the scenarios', async () => {
    expect(await bench('--list', '--only', 'like')).toMatchObject({ code: 0, stdout: 'like            LIKE contains, clean\n' })
  })

  it('refuses a pattern that matches nothing', async () => {
    const { code, stderr } = await bench('--only', 'nothing-like-this')
    expect([code, stderr]).toEqual([2, 'No scenario matches /nothing-like-this/. All of them: npm run bench -- --list\n'])
  })
})
