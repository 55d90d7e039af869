import { describe, expect, it } from 'vitest'
import { BENCH, benchRequest } from '../../scripts/lib/bench/args.ts'
import { parseCommand } from '../../scripts/lib/command.ts'

const read = (...argv: string[]) => {
  const { values, words } = parseCommand(BENCH, argv)
  return benchRequest(values, words, '/lists')
}

describe('a command line of bench', () => {
  it('without options is a race of everything over 64 MB, and 200 MB through the service', () => {
    expect(read()).toMatchObject({ mode: 'race', bytes: 64e6, serviceBytes: 200e6, runs: 5, peers: null, isJson: false, isToFile: false })
  })

  it.each([
    [['--quick'], { bytes: 8e6, serviceBytes: 8e6, runs: 3 }],
    [['--mb', '0.5'], { bytes: 500_000, serviceBytes: 500_000 }],
    [['--quick', '--mb', '100', '--runs', '9'], { bytes: 100e6, serviceBytes: 100e6, runs: 9 }],
    [['--memory'], { mode: 'memory', bytes: 1e9 }],
    [['--memory', '--mb', '60'], { mode: 'memory', bytes: 60e6 }],
    [['--big'], { mode: 'big', bytes: 2e9 }],
    [['--jobs', '10000'], { mode: 'jobs', jobs: 10_000 }],
    [['--install-peers'], { mode: 'install' }],
    [['--list'], { mode: 'list' }],
    [['--steps'], { mode: 'steps' }],
    [['--peers', 'there', '--data', '/data'], { peers: '/lists/there', folder: '/data' }],
    [['--only', 'number|like'], { only: /number|like/ }],
    [['--json', '--to-file'], { isJson: true, isToFile: true }],
  ] as const)('%j', (argv, expected) => {
    expect(read(...argv)).toMatchObject(expected)
  })

  it.each([
    [['--mb', '0'], "--mb takes a number above 0, not '0'."],
    [['--jobs', 'all'], "--jobs takes a number above 0, not 'all'."],
    [['--runs', 'many'], "--runs takes a number above 0, not 'many'."],
    [['--only', '('], "--only takes a regular expression, not '('."],
    [['number-40'], 'To choose scenarios: --only PATTERN'],
    [['--ony', 'x'], 'Did you mean --only?'],
  ])('%j is refused with what to do', (argv, text) => {
    expect(() => read(...argv)).toThrow(text)
  })
})
