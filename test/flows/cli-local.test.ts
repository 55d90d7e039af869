/** The commands with --local: the same engine in one process, from a file or a pipe, with nothing else at hand; and that it says what the service says. */
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { samplePieces } from '../../scripts/lib/sample.ts'
import { type Ended, eventually, newPlace, type Running } from '../support/cli.ts'

const place = newPlace('cli-local')
const PEOPLE = 'name,age,state\nAda,36,NY\nBob,70,NY\n"Cyd, Jr.",81,NY\nDot,90,VT\n'
const OLD = 'name,age,state\nBob,70,NY\n"Cyd, Jr.",81,NY\nDot,90,VT\n'

const cut = (...args: string[]): Running => place.run('cut.ts', ...args, '--local')
/** Runs the command with these bytes on stdin. */
const fed = (running: Running, input: string | Uint8Array): Promise<Ended> => {
  running.child.stdin!.end(input)
  return running.ended
}
const lists = (): string[] => readdirSync(place.folder).sort()

beforeAll(() => writeFileSync(place.file('people.csv'), PEOPLE))
afterAll(async () => {
  await eventually(place.processes, (found) => found.length === 0)
  place.remove()
})

describe('cut --local', () => {
  it('puts the rows of a file on stdout and what was done on stderr, and starts nothing', async () => {
    const { code, stdout, stderr } = await cut('people.csv', '-w', 'age > 60').ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: OLD })
    expect(stderr).toMatch(/^people\.csv: 4 rows in = 3 out \+ 1 filtered \+ 0 rejected\n/)
    expect(stderr).toMatch(/ {2}out {6}stdout {2}3 rows, 52 B\n {2}time {5}62 B in .* MB\/s\)\n$/)
    expect(existsSync(place.state)).toBe(false)
  })

  it('reads a pipe as it comes, to the last record without a line end, and says nothing with --quiet', async () => {
    const command = cut('-', '-w', "state = 'VT' OR age < 40", '--quiet')
    for (const piece of ['name,age,sta', 'te\r\nAda,36,NY\r', '\nBob,70,NY\r\n"Do', 't",90,VT']) {
      command.child.stdin!.write(piece)
      await new Promise((done) => setTimeout(done, 20))
    }
    expect(await fed(command, '')).toEqual({ code: 0, stdout: 'name,age,state\r\nAda,36,NY\r\n"Dot",90,VT\r\n', stderr: '' })
  })

  it('reads packed and encoded lists from a file or a pipe', async () => {
    const packed = gzipSync(PEOPLE)
    writeFileSync(place.file('packed.csv.gz'), packed)
    const wide = Uint8Array.from(PEOPLE.replace('Bob', 'B\xf6b'), (c) => c.charCodeAt(0))
    const [file, pipe, latin1] = await Promise.all([
      cut('packed.csv.gz', '-w', 'age > 60', '-q').ended,
      fed(cut('-', '-w', 'age > 60', '-q'), Buffer.concat([packed, gzipSync('Eve,99,VT\n')])),
      fed(cut('-', '-w', "name = 'Böb'", '--encoding', 'latin1', '-q'), wide),
    ])
    expect(file).toEqual({ code: 0, stdout: OLD, stderr: '' })
    expect(pipe).toEqual({ code: 0, stdout: `${OLD}Eve,99,VT\n`, stderr: '' })
    expect(latin1).toEqual({ code: 0, stdout: 'name,age,state\nBöb,70,NY\n', stderr: '' })
  })

  it('says of a packed list that is damaged that it is, and puts nothing into a file', async () => {
    const packed = gzipSync([...samplePieces(20_000)].join(''))
    writeFileSync(place.file('cut-off.csv.gz'), packed.subarray(0, packed.length - 100))
    const { code, stdout, stderr } = await cut('cut-off.csv.gz', '-w', 'age > 60', '-o', 'none.csv').ended
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/a part of it is missing.*\(gzip_invalid\)/),
    })
    expect(existsSync(place.file('none.csv'))).toBe(false)
  })

  it('counts, shows the first rows, and tells programs what it did', async () => {
    const [count, head, json] = await Promise.all([
      cut('people.csv', '-w', 'age > 60', '--count', '-q').ended,
      fed(cut('-', '-w', 'age > 60', '--head', '1', '-q'), PEOPLE),
      cut('people.csv', '-w', 'age > 60', '--count', '--json', '-q').ended,
    ])
    expect(count).toEqual({ code: 0, stdout: '3\n', stderr: '' })
    expect(head).toEqual({ code: 0, stdout: 'name,age,state\nBob,70,NY\n', stderr: '' })
    expect(JSON.parse(json.stdout)).toMatchObject({ operation: 'count', rows_in: 4, rows_out: 3, rows_filtered: 1, bytes_in: 62 })
  })

  it('writes the columns, rows and format that are wanted', async () => {
    const [columns, objects, arrays] = await Promise.all([
      cut('people.csv', '-c', 'age=years,name', '--offset', '1', '--limit', '2', '-q').ended,
      fed(cut('-', '-w', 'age > 80', '--except', 'state', '--format', 'ndjson', '-q'), PEOPLE),
      cut('people.csv', '--head', '1', '--format', 'arrays', '-q').ended,
    ])
    expect(columns).toEqual({ code: 0, stdout: 'years,name\n70,Bob\n81,"Cyd, Jr."\n', stderr: '' })
    expect(objects).toEqual({ code: 0, stdout: '{"name":"Cyd, Jr.","age":"81"}\n{"name":"Dot","age":"90"}\n', stderr: '' })
    expect(arrays).toEqual({ code: 0, stdout: '["name","age","state"]\n["Ada","36","NY"]\n', stderr: '' })
  })

  it('refuses a column that there is not before it writes anything', async () => {
    const { code, stdout, stderr } = await cut('people.csv', '--columns', 'nmae', '--out', 'never.csv').ended
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: 'There is no column "nmae". Did you mean "name"?\n' })
    expect(lists()).not.toContain('never.csv')
  })

  it('with --out makes a file, with what it rejects beside it, and never replaces one unasked', async () => {
    const ragged = `${PEOPLE}Eve\n\nFay,65,NY,more\n`
    const options = ['-', '-w', 'age > 60', '--ragged', 'reject', '-o', 'old.csv']
    const { code, stdout, stderr } = await fed(cut(...options), ragged)
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toContain('stdin: 6 rows in = 3 out + 1 filtered + 2 rejected; 1 blank line left out\n')
    expect(stderr).toContain('ragged_short: 1, first in record 5, line 6, byte 62')
    expect(readFileSync(place.file('old.csv'), 'utf8')).toBe(OLD)
    expect(readFileSync(place.file('old.rejects.csv'), 'utf8')).toBe(
      'record,line,byte_offset,reason,raw\n5,6,62,too_few_fields,Eve\n6,8,67,too_many_fields,"Fay,65,NY,more"\n',
    )
    expect(await fed(cut(...options), ragged)).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') })
  })

  it('says how many rows it rejected where there is no file to put them beside', async () => {
    const { code, stdout, stderr } = await fed(cut('-', '-w', 'a = 1', '--ragged', 'reject'), 'a,b\n1,2\n1\n')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'a,b\n1,2\n' })
    expect(stderr).toContain('  rejects  1 row, counted and let go')
  })
})

describe('with --local a mistake', () => {
  it('in the clause has a caret under it and exit code 2; one of spelling is seen before the pipe says a word', async () => {
    const waiting = cut('-', '-w', 'age >> 60')
    expect(await waiting.ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('  age >> 60\n       ^') })
    const unknown = await fed(cut('-', '-w', "agee > 60 AND state = 'NY'", '-o', 'never.csv'), PEOPLE)
    expect(unknown).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining("  agee > 60 AND state = 'NY'\n  ^^^^\n") })
    expect(lists().filter((name) => name.startsWith('never'))).toEqual([])
  })

  it.each([
    ['a list that is not there', ['nobody.csv'], 2, 'There is no file nobody.csv'],
    ['a file of the service', [`file_${'0'.repeat(26)}`], 2, 'is with the service: leave out --local'],
    ['rows and JSON on one stdout', ['people.csv', '--json'], 2, 'both want stdout'],
  ])('of use is told: %s', async (_, args, exitCode, text) => {
    expect(await cut(...args, '-w', 'age > 60').ended).toMatchObject({ code: exitCode, stdout: '', stderr: expect.stringContaining(text) })
  })

  it.each([
    ['nothing', '', 1, '', 'file_empty'],
    ['a header alone', 'age,b\n', 0, 'age,b\n', '0 rows in'],
    ['a header without a line end', 'age,b', 0, 'age,b\n', '0 rows in'],
    ['a byte order mark and semicolons', '\ufeffage;b\n70;1\n5;2\n', 0, 'age;b\n70;1\n', '2 rows in = 1 out'],
    ['lines that end with CR', 'age,b\r70,1\r5,2\r', 0, 'age,b\r70,1\r', '2 rows in = 1 out'],
    ['an image', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]), 1, '', 'not_csv'],
  ] as const)('or an odd list is met as the service meets it: %s', async (_, input, exitCode, stdout, text) => {
    expect(await fed(cut('-', '-w', 'age > 60'), input)).toMatchObject({ code: exitCode, stdout, stderr: expect.stringContaining(text) })
  })
})

describe('a reader or a writer that', () => {
  it('has seen enough ends the command quietly', async () => {
    writeFileSync(place.file('long.csv'), [...samplePieces(50_000)].join(''))
    const command = cut('long.csv', '-w', 'id > 0', '-q')
    await once(command.child.stdout!, 'data')
    command.child.stdout!.destroy()
    expect(await command.ended).toMatchObject({ code: 0, stderr: '' })
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is slow is not waited for after %s, and no half file stays', async (signal, exitCode) => {
    const command = cut('-', '-w', 'age > 60', '-o', 'half.csv')
    command.child.stdin!.write(PEOPLE.repeat(5_000))
    await eventually(lists, (names) => names.some((name) => name.startsWith('half.csv.')))
    command.child.kill(signal)
    expect(await command.ended).toMatchObject({ code: exitCode, stdout: '' })
    expect(lists().filter((name) => name.startsWith('half'))).toEqual([])
  })
})

describe('with and without --local', () => {
  beforeAll(async () => {
    mkdirSync(place.state, { recursive: true })
    const odd = 'short\n"stray"x,1\n"a ""b""\nc",2,3,4,5,6,7,8,9,10,11\n'
    writeFileSync(place.file('odd.csv'), `${[...samplePieces(3_000)].join('')}${odd}`)
    expect(await place.run('setup.mjs').ended).toMatchObject({ code: 0 })
  }, 120_000)

  it('a cut gives the same bytes, rejects, accounts and warnings', async () => {
    const options = ['odd.csv', '-w', "age > 60 OR notes LIKE '%quoted%'", '--ragged', 'reject', '--json']
    const [here, there] = [await cut(...options, '-o', 'here.csv').ended, await place.run('cut.ts', ...options, '-o', 'there.csv').ended]
    expect([here.code, there.code], there.stderr).toEqual([0, 0])
    for (const name of ['csv', 'rejects.csv'])
      expect(readFileSync(place.file(`here.${name}`), 'utf8')).toBe(readFileSync(place.file(`there.${name}`), 'utf8'))
    const facts = ({ stdout }: Ended) => {
      const { rows_in, rows_out, rows_filtered, rows_rejected, blank_lines, bytes_in, warnings } = JSON.parse(stdout)
      return { rows_in, rows_out, rows_filtered, rows_rejected, blank_lines, bytes_in, warnings }
    }
    expect(facts(here)).toEqual(facts(there))
    expect(facts(here)).toMatchObject({ rows_in: 3_003, rows_rejected: 3 })
  })

  it('a profile is the same, but for the file that nobody keeps', async () => {
    const [here, there] = await Promise.all([
      fed(place.run('analyse.ts', '-', '--local', '--json', '-q'), readFileSync(place.file('odd.csv'))),
      place.run('analyse.ts', 'odd.csv', '--json').ended,
    ])
    expect([here.code, here.stderr, there.code]).toEqual([0, '', 0])
    expect(JSON.parse(here.stdout)).toEqual({ ...JSON.parse(there.stdout), file: null, etag: null })
  })

  it('a list may come through a pipe', async () => {
    const there = await fed(place.run('cut.ts', '-', '-w', 'age > 60'), PEOPLE)
    expect(there).toMatchObject({ code: 0, stdout: OLD, stderr: expect.stringContaining('stdin.csv: 4 rows in = 3 out') })
    expect(readdirSync(place.state).filter((name) => name.startsWith('stdin'))).toEqual([])
  })
})
