/** Cuts a list: the rows for which the clause is true, as they came, in their order. */
import { z } from 'zod'
import { countSelected } from '../csv/selection.ts'
import { define } from './operation.ts'
import { keepSelected, rowFilter } from './rows.ts'
import { boundClause, normalClause, rowFields } from './spec.ts'

const NOTHING = new Uint8Array(0)

export const filter = define({
  name: 'filter',
  title: 'Filter',
  summary: 'Keeps the rows for which a clause is true and puts them, unchanged and in order, into a new file.',
  spec: z.strictObject(rowFields),
  makes: 'file',
  edge: 'CUT_FROM',
  suffix: '.cut.csv',
  normalise: (spec) => ({ ...spec, where: normalClause(spec.where) }),
  bind: (spec, { columns, dialect }) => {
    const clause = boundClause(spec.where, columns)
    return {
      pass: () => {
        const rows = rowFilter(clause, dialect, columns.length, spec.ragged)
        return {
          add: (batch, sink) => {
            const { selected, rejected } = rows.select(batch, sink)
            keepSelected(batch, selected, dialect, sink)
            const out = countSelected(selected, batch.count)
            return { out, filtered: batch.count - out - rejected, rejected }
          },
          state: () => NOTHING,
        }
      },
      merge: () => NOTHING,
      finish: () => ({}),
    }
  },
})
