/** npm run docs: writes the parts of the documentation that are made of tables in the code. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { withFunctions } from './lib/function-table.ts'

const file = path.join(import.meta.dirname, '../docs/filter-language.md')
writeFileSync(file, withFunctions(readFileSync(file, 'utf8')))
