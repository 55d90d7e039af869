/** How is the table of functions written in Markdown? For docs/filter-language.md, whose part between two marks is made of it and of nothing else. */
import { type FilterFunction, FUNCTIONS } from '../../shared/filter/functions.ts'

const BEGIN = '<!-- functions: made by `npm run docs` from shared/filter/functions.ts -->'
const END = '<!-- end of functions -->'

const cell = (text: string): string => text.replaceAll('|', '\\|')

const code = (text: string): string => `\`${cell(text)}\``

const rowOf = ({ signature, aliases, means, unlike, example }: FilterFunction): string => {
  const also = aliases.length > 0 ? `<br>also ${aliases.map(code).join(', ')}` : ''
  const note = unlike ? ` (${unlike}.)` : ''
  return `| ${code(signature)}${also} | ${cell(means)}${note} | ${code(example)} |`
}

const tables = (): string =>
  FUNCTIONS.map(({ about, rows }) =>
    [`### ${about}`, '', '| function | answers | an example that is true |', '|---|---|---|', ...rows.map(rowOf)].join('\n'),
  ).join('\n\n')

/** The document with the tables between its marks written anew. */
export const withFunctions = (document: string): string => {
  const from = document.indexOf(BEGIN)
  const to = document.indexOf(END)
  if (from < 0 || to < from) throw new Error('The document has lost the marks between which the functions stand.')
  return `${document.slice(0, from)}${BEGIN}\n\n${tables()}\n\n${document.slice(to)}`
}
