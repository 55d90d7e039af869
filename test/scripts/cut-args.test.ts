import { mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { helpText, parseCommand, UsageError } from '../../scripts/lib/command.ts'
import { CUT, cutName, cutRequest, rejectsPath, SAMPLE_CLAUSE } from '../../scripts/lib/cut-args.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'cut-args-'))
const here = (name: string): string => path.join(folder, name)
for (const name of ['people.csv', 'there.csv', 'half.rejects.csv']) writeFileSync(here(name), 'a\n1\n')

const read = (...argv: string[]) => {
  const { values, words } = parseCommand(CUT, argv)
  return cutRequest(values, words, folder, '/state')
}

const refusal = (...argv: string[]): string => {
  try {
    read(...argv)
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return (error as Error).message
  }
  throw new Error('it was accepted')
}

const WHERE = ['--where', 'age > 60']

describe('a command line of cut', () => {
  it('names a list relative to the folder of the caller', () => {
    expect(read('people.csv', ...WHERE).source).toEqual({ kind: 'path', path: here('people.csv'), name: 'people.csv', bytes: 4 })
  })

  it('without a list asks for the sample, its clause and a result in the state folder that is replaced each time', () => {
    expect(read()).toMatchObject({
      source: { kind: 'sample' },
      where: SAMPLE_CLAUSE,
      target: { kind: 'path', path: '/state/sample.cut.csv', isReplacing: true },
      ragged: 'keep',
      hints: {},
    })
  })

  it('takes the id of a file that the service has', () => {
    const id = `file_${'0'.repeat(26)}`
    expect(read(id, ...WHERE).source).toEqual({ kind: 'file', id })
  })

  it.each([
    [[], { kind: 'path', path: here('people.cut.csv'), rejects: here('people.cut.rejects.csv'), isReplacing: false }],
    [['--out', 'new.csv'], { kind: 'path', path: here('new.csv'), rejects: here('new.rejects.csv'), isReplacing: false }],
    [['--out', 'there.csv', '--force'], { kind: 'path', path: here('there.csv'), rejects: here('there.rejects.csv'), isReplacing: true }],
    [['--out', '-'], { kind: 'stream', path: null }],
    [['--out', os.devNull], { kind: 'stream', path: os.devNull }],
    [['--count'], { kind: 'answer', head: 0 }],
    [['--head', '5'], { kind: 'answer', head: 5 }],
    [['--count', '--head', '0'], { kind: 'answer', head: 0 }],
  ])('with %j puts the rows where it says', (options, target) => {
    expect(read('people.csv', ...WHERE, ...options).target).toEqual(target)
  })

  it.each([
    ['a list from stdin', ['-']],
    ['a list from stdin, cut here', ['-', '--local']],
    ['a list that is cut here', ['people.csv', '--local']],
  ])('puts the rows of %s on stdout unless it says where', (_, words) => {
    expect(read(...words, ...WHERE)).toMatchObject({ target: { kind: 'stream', path: null }, isLocal: words.includes('--local') })
    expect(read(...words, ...WHERE, '-o', 'new.csv').target).toMatchObject({ kind: 'path', path: here('new.csv') })
    expect(read(...words, ...WHERE, '--count').target).toEqual({ kind: 'answer', head: 0 })
  })

  it.each([
    [['--delimiter', ';'], { delimiter: ';' }],
    [['--delimiter', 'tab'], { delimiter: '\t' }],
    [['--quote', "'"], { quote: "'" }],
    [['--quote', 'none'], { quote: null }],
    [['--delimiter', '::'], { delimiter: '::' }],
    [['--escape', '\\'], { escape: '\\' }],
    [['--comment', '#'], { comment: '#' }],
    [['--comment', 'none'], { comment: null }],
    [['--header'], { header: true }],
    [['--no-header'], { header: false }],
    [['--encoding', 'latin1'], { encoding: 'latin1' }],
  ])('with %j says how the list is written', (options, hints) => {
    expect(read('people.csv', ...WHERE, ...options).hints).toEqual(hints)
  })

  it.each([
    [['--columns', 'name,age'], { columns: ['name', 'age'] }],
    [['-c', 'name = who , "last, first"="say ""x""", "a=b"'], { columns: [{ name: 'name', as: 'who' }, { name: 'last, first', as: 'say "x"' }, 'a=b'] }],
    [['--except', 'age, state'], { columns: { except: ['age', 'state'] } }],
    [['--limit', '10', '--offset', '0'], { limit: 10, offset: 0 }],
    [['--sample', '0.25'], { sample: { rate: 0.25 } }],
    [['--sample', '1e-3', '--seed', '7'], { sample: { rate: 0.001, seed: 7 } }],
    [['--format', 'ndjson'], { format: 'ndjson' }],
    [['--out-delimiter', 'tab', '--out-quote', "'", '--out-quoting', 'all', '--out-newline', 'crlf'], { output_dialect: { delimiter: '\t', quote: "'", quoting: 'all', newline: 'crlf' } }],
    [['--no-out-header', '--out-bom'], { output_dialect: { header: false, bom: true } }],
    [['--formula-guard'], { formula_guard: true }],
  ])('with %j says what is written, and needs no clause', (options, output) => {
    expect(read('people.csv', ...options)).toMatchObject({ where: null, output })
    expect(read('people.csv', ...WHERE, ...options)).toMatchObject({ where: 'age > 60', output })
  }) // biome-ignore format: a table

  it('without any of these says nothing of them, so that a specification stays what it was', () => {
    expect(read('people.csv', ...WHERE).output).toEqual({})
  })

  it.each([
    ['csv', 'people.cut.csv', 'people.cut.rejects.csv'],
    ['tsv', 'people.cut.tsv', 'people.cut.rejects.csv'],
    ['ndjson', 'people.cut.ndjson', 'people.cut.rejects.csv'],
    ['arrays', 'people.cut.jsonl', 'people.cut.rejects.csv'],
  ])('with format %s puts the rows into %s', (format, name, rejects) => {
    expect(read('people.csv', '--format', format).target).toMatchObject({ path: here(name), rejects: here(rejects) })
  })

  it('counts without a clause too', () => expect(read('people.csv', '--count').where).toBeNull())

  it.each([
    ['no clause and nothing else', ['people.csv'], 'Say which rows to keep'],
    ['columns chosen and left out', ['people.csv', '--columns', 'a', '--except', 'b'], 'take one of them'],
    ['a column left out under another name', ['people.csv', '--except', 'a=b'], 'no use for another name'],
    ['a list without a name', ['people.csv', '--columns', 'a,,b'], 'a name is missing'],
    ['a list that ends in a comma', ['people.csv', '--columns', 'a,'], 'a name is missing'],
    ['a quote that does not close', ['people.csv', '--columns', '"a'], 'a quote is not where it can be'],
    ['a quote within a name', ['people.csv', '--columns', 'a"b'], 'a quote is not where it can be'],
    ['two new names', ['people.csv', '--columns', 'a=b=c'], 'two new names'],
    ['a limit that is no number', ['people.csv', '--limit', 'ten'], '--limit takes a number from 0 on'],
    ['a sample of nothing', ['people.csv', '--sample', '0'], 'above 0 and up to 1'],
    ['a sample of more than all', ['people.csv', '--sample', '10'], 'above 0 and up to 1'],
    ['a seed without a sample', ['people.csv', '--seed', '3'], '--sample'],
    ['an unknown format', ['people.csv', '--format', 'xml'], 'csv, tsv, ndjson, arrays'],
    ['unknown line ends', ['people.csv', '--out-newline', 'unix'], 'lf, crlf, cr'],
    ['a count with a limit', ['people.csv', '--count', '--limit', '3'], 'leave out --limit'],
    ['an empty clause', ['people.csv', '--where', ' '], 'Say which rows to keep'],
    ['a list that is not there', ['nobody.csv', ...WHERE], 'There is no file nobody.csv'],
    ['a folder for a list', ['.', ...WHERE], 'is not a file'],
    ['two lists', ['people.csv', 'there.csv', ...WHERE], 'One file at a time'],
    ['an output that is there', ['people.csv', ...WHERE, '-o', 'there.csv'], '--force'],
    ['rejects that are there', ['people.csv', ...WHERE, '-o', 'half.csv'], 'half.rejects.csv is already there'],
    ['a folder for an output', ['people.csv', ...WHERE, '-o', '.', '--force'], 'is a folder'],
    ['an output in a folder that is not there', ['people.csv', ...WHERE, '-o', 'no/cut.csv'], 'There is no folder'],
    ['a count with an output', ['people.csv', ...WHERE, '--count', '-o', 'x.csv'], 'make no file'],
    ['JSON and rows on one stdout', ['people.csv', ...WHERE, '--json', '-o', '-'], 'both want stdout'],
    ['JSON and rows of a list that is cut here', ['-', ...WHERE, '--json', '--local'], '--out FILE'],
    ['a head that is no number', ['people.csv', ...WHERE, '--head', 'all'], '--head takes a number'],
    ['a head that is too long', ['people.csv', ...WHERE, '--head', '1001'], 'from 0 to 1000'],
    ['an unknown way with ragged rows', ['people.csv', ...WHERE, '--ragged', 'fix'], 'keep or reject'],
    ['a delimiter of nine characters', ['people.csv', ...WHERE, '--delimiter', '<------->'], '1 to 8 ASCII characters'],
    ['no delimiter at all', ['people.csv', ...WHERE, '--delimiter', 'none'], '1 to 8 ASCII characters'],
    ['a comment of two characters', ['people.csv', ...WHERE, '--comment', '//'], 'one ASCII character'],
    ['a misspelt option', ['people.csv', '--were', 'age > 60'], 'Did you mean --where?'],
    ['an option without its value', ['people.csv', '--where'], '--help'],
  ])('is refused for %s, saying what to do', (_, argv, message) => {
    expect(refusal(...argv)).toContain(message)
  })
})

describe('names', () => {
  it.each([
    ['people.csv', 'csv', 'people.cut.csv'],
    ['lists/people.2026.tsv', 'csv', 'people.2026.cut.csv'],
    ['people', 'ndjson', 'people.cut.ndjson'],
    ['people.csv.gz', 'csv', 'people.cut.csv'],
  ])('the cut of %s as %s is called %s', (name, ending, cut) => expect(cutName(name, ending)).toBe(cut))

  it.each([
    ['/x/cut.csv', '/x/cut.rejects.csv'],
    ['/x/cut.CSV', '/x/cut.rejects.csv'],
    ['/x/cut.tsv', '/x/cut.rejects.csv'],
    ['/x/cut.ndjson', '/x/cut.rejects.csv'],
    ['/x/cut.txt', '/x/cut.txt.rejects.csv'],
  ])('what %s rejects is in %s', (out, rejects) => expect(rejectsPath(out)).toBe(rejects))
})

it('the help names every option with its value', () => {
  const help = helpText(CUT)
  for (const [name, { value }] of Object.entries(CUT.options)) expect(help).toContain(`--${name}${value ? ` ${value}` : ''}`)
})
