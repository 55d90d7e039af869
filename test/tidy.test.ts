/** The style guide as a test: who may import whom, what is reachable, where SQL lives, what has a test, and that no big file grows. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'

const ROOT = path.join(import.meta.dirname, '..')

const filesBelow = (folder: string): string[] =>
  !existsSync(path.join(ROOT, folder))
    ? []
    : readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
        const at = `${folder}/${entry.name}`
        return entry.isDirectory() ? filesBelow(at) : [at]
      })

/** AssemblyScript: another language, with a compiler of its own to judge it. */
const KERNEL = 'shared/csv/kernel/'

const CODE = ['shared', 'workers', 'scripts', 'test']
  .flatMap(filesBelow)
  .filter((file) => /\.(ts|mjs)$/.test(file) && !file.endsWith('.d.ts') && !file.startsWith(KERNEL))
const text = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8')

interface Import {
  readonly from: string
  readonly to: string
  readonly isType: boolean
}

interface ImportNode {
  readonly type: string
  readonly source?: { readonly value: string } | null
  readonly importKind?: string
  readonly exportKind?: string
  readonly specifiers?: readonly { readonly importKind?: string }[]
}

const isTypeOnly = ({ importKind, exportKind, specifiers = [] }: ImportNode): boolean =>
  importKind === 'type' || exportKind === 'type' || (specifiers.length > 0 && specifiers.every((one) => one.importKind === 'type'))

const staticImports = (file: string): Import[] =>
  (parseAst(text(file), { lang: 'ts' }).body as unknown as ImportNode[])
    .filter((node) => node.source?.value.startsWith('.'))
    .map((node) => ({ from: file, to: path.posix.join(path.posix.dirname(file), node.source!.value), isType: isTypeOnly(node) }))

/** Modules named in code rather than in an import: `import('./x.ts')`, and files that a script starts. */
const namedFiles = (file: string): Import[] =>
  [...text(file).matchAll(/['"`](?:\.{1,2}\/)?([\w./-]+\.(?:ts|mjs))['"`]/g)]
    .flatMap(([, name]) => [path.posix.join(path.posix.dirname(file), name!), name!])
    .filter((to) => CODE.includes(to) && to !== file)
    .map((to) => ({ from: file, to, isType: false }))

const IMPORTS = CODE.flatMap(staticImports)

/** `shared/csv/sniff/x.ts` -> `csv`; `workers/api/x.ts` -> `api`; `shared/ports.ts` -> `ports`. */
const roomOf = (file: string): string => {
  const [top, second = ''] = file.split('/')
  return top === 'shared' || top === 'workers' ? second.replace(/\.ts$/, '') : top!
}

const GROUND = ['events', 'messages', 'db', 'base']
const SHARED = [
  'bindings',
  'base',
  'db',
  'csv',
  'filter',
  'operations',
  'messages',
  'auth',
  'files',
  'jobs',
  'lineage',
  'events',
  'stats',
  'client',
]

/** Room -> the rooms whose values it may import, beside its own. Types may come from anywhere in shared. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  db: ['base'],
  messages: ['base'],
  events: ['messages', 'db', 'base'],
  csv: ['base'],
  filter: ['csv', 'base'],
  operations: ['filter', 'csv', 'base'],
  auth: GROUND,
  files: [...GROUND, 'csv'],
  lineage: GROUND,
  stats: GROUND,
  jobs: ['operations', 'files', 'lineage', 'stats', 'csv', ...GROUND],
  client: ['base'],
  ports: [],
  bindings: ['files', 'messages', 'db', 'csv', 'base'],
  api: SHARED.filter((room) => room !== 'client'),
  processor: SHARED.filter((room) => room !== 'client'),
}

describe('imports', () => {
  it('go only along the arrows of the style guide', () => {
    const wrong = IMPORTS.filter(({ from, to, isType }) => {
      const room = roomOf(from)
      const target = roomOf(to)
      const allowed = ARROWS[room]
      if (!allowed || target === room || to === 'package.json') return false
      if (!to.startsWith('shared/')) return true
      return !isType && !allowed.includes(target)
    })
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
  })

  it('every room of the tree has its row of arrows', () => {
    const rooms = new Set(CODE.filter((file) => /^(shared|workers)\//.test(file)).map(roomOf))
    expect([...rooms].filter((room) => !ARROWS[room])).toEqual([])
  })

  it('name files that exist, with their ending', () => {
    const missing = IMPORTS.filter(({ to }) => !statSync(path.join(ROOT, to), { throwIfNoEntry: false })?.isFile())
    expect(missing.map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
  })
})

describe('files', () => {
  it('are all reached from a worker, a script or a test', () => {
    const edges = [...IMPORTS, ...CODE.flatMap(namedFiles)]
    const isEntry = (file: string) =>
      /^workers\/\w+\/index\.ts$|^scripts\/[\w-]+\.(ts|mjs)$|\.test\.ts$|^test\/support\/(tally|worker-setup)\.ts$/.test(file)
    const reached = new Set(CODE.filter(isEntry))
    for (const file of reached) for (const { from, to } of edges) if (from === file) reached.add(to)
    expect(CODE.filter((file) => !reached.has(file))).toEqual([])
  })

  it('in shared and workers are reached without the tests', () => {
    const isEntry = (file: string) => /^workers\/\w+\/index\.ts$|^scripts\/[\w-]+\.(ts|mjs)$/.test(file)
    const edges = [...IMPORTS, ...CODE.flatMap(namedFiles)].filter(({ from }) => !from.startsWith('test/'))
    const reached = new Set(CODE.filter(isEntry))
    for (const file of reached) for (const { from, to } of edges) if (from === file) reached.add(to)
    expect(CODE.filter((file) => /^(shared|workers)\//.test(file) && !reached.has(file))).toEqual([])
  })

  it('are named in kebab-case', () => {
    expect(CODE.filter((file) => !/^[a-z0-9-]+(\.(sql|test))?\.(ts|mjs)$/.test(path.basename(file)))).toEqual([])
  })

  it('say at their top what they are for, unless they hold a single thing', () => {
    const lines = 10
    const silent = CODE.filter((file) => !file.startsWith('test/') && !text(file).startsWith('/**'))
    expect(silent.filter((file) => text(file).split('\n').length > lines)).toEqual([])
  })

  it('that are larger than usual do not grow', () => {
    const usual = 250
    const sizes = CODE.filter((file) => !file.startsWith('test/')).map((file) => [file, text(file).split('\n').length - 1] as const)
    const tooLarge = sizes.filter(([file, lines]) => lines > (LARGE[file] ?? usual))
    expect(tooLarge).toEqual([])
  })
})

/** Files over the usual size, with the size they may not pass. Tables and documentation may be long; anything else here wants to be split. */
const LARGE: Readonly<Record<string, number>> = {
  'shared/jobs/job.sql.ts': 284,
  'shared/filter/functions.ts': 328,
}

describe('sql', () => {
  it('is prepared in one place and written in *.sql.ts files only', () => {
    const preparing = CODE.filter((file) => /^(shared|workers)\//.test(file) && text(file).includes('.prepare('))
    expect(preparing).toEqual(['shared/db/db.ts'])
    const writing = CODE.filter(
      (file) => /^(shared|workers)\//.test(file) && !file.endsWith('.sql.ts') && /\bstmt\(\s*[`'"]/.test(text(file)),
    )
    expect(writing).toEqual([])
  })

  it('of migrations is numbered from 1 without a gap', () => {
    const numbers = filesBelow('migrations').map((file) => Number(/migrations\/(\d{4})_[a-z_]+\.sql$/.exec(file)?.[1]))
    expect(numbers).toEqual(numbers.map((_, i) => i + 1))
  })

  it('has an index for a query, and says which', () => {
    const silent = filesBelow('migrations').flatMap((file) =>
      [...text(file).matchAll(/(--[^\n]*\n)?CREATE (?:UNIQUE )?INDEX (\w+)/g)]
        .filter(([, comment]) => !comment)
        .map(([, , index]) => `${file}: ${index}`),
    )
    expect(silent).toEqual([])
  })

  it('has no index for a query that there is not', () => {
    const queries = CODE.filter((file) => file.endsWith('.sql.ts')).flatMap((file) =>
      [...text(file).matchAll(/^export const (\w+)/gm)].map(([, name]) => name!),
    )
    const served = filesBelow('migrations').flatMap((file) =>
      [...text(file).matchAll(/-- ([^:\n]+):[^\n]*\nCREATE (?:UNIQUE )?INDEX/g)].flatMap(([, names]) =>
        names!.split(',').map((name) => name.trim().split(' ')[0]!),
      ),
    )
    expect(served.length).toBeGreaterThan(0)
    expect(served.filter((name) => !queries.includes(name))).toEqual([])
  })
})

describe('tests', () => {
  const tested: readonly (readonly [string, string])[] = [
    ['workers/api/routes', 'test/api'],
    ['workers/processor/consumers', 'test/processor'],
    ['workers/processor/schedules', 'test/processor'],
  ]

  it.each(tested)('there is one for every file of %s', (folder, tests) => {
    const missing = filesBelow(folder).filter((file) => !CODE.includes(`${tests}/${path.basename(file, '.ts')}.test.ts`))
    expect(missing).toEqual([])
  })
})

describe('words', () => {
  it('nothing speaks of the machine it was written on', () => {
    const all = [
      ...CODE,
      'README.md',
      'CHANGELOG.md',
      'wrangler.api.toml',
      'wrangler.processor.toml',
      ...filesBelow('docs'),
      ...filesBelow('migrations'),
    ]
    expect(all.filter((file) => /\/(work|root|home|Users)\/[a-z]/.test(text(file)))).toEqual([])
  })

  it('nothing is left to do without an issue', () => {
    expect(CODE.filter((file) => file !== 'test/tidy.test.ts' && /\b(TODO|FIXME|XXX)\b/.test(text(file)))).toEqual([])
  })
})
