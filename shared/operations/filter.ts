/** Cuts a list: the rows for which the clause is true, in their order, as they came or in the columns and the form that are asked for. */
import { z } from 'zod'
import { bindRows, isSequential } from './choice.ts'
import { define } from './operation.ts'
import { bindOutput } from './output.ts'
import { outputFields, refuseUnfit } from './output-spec.ts'
import { normalRows, rowFields, windowFields } from './spec.ts'

/** What a copy of the input could be asked for without: a specification of these alone asks for nothing. */
const ASIDE: readonly string[] = ['ragged', 'dialect']

const filterSpec = z
  .strictObject({ ...rowFields, ...windowFields, ...outputFields })
  .refine((spec) => spec.ragged === 'reject' || Object.keys(spec).some((name) => !ASIDE.includes(name)), {
    path: ['where'],
    message: 'Say which rows to keep (where, sample, offset, limit), which columns, or in what format',
  })

export const filter = define({
  name: 'filter',
  title: 'Filter',
  summary:
    'Keeps the rows for which a clause is true and puts them, in order, into a new file: unchanged, or in other columns or another format.',
  spec: filterSpec,
  makes: 'file',
  edge: 'CUT_FROM',
  normalise: (spec) => {
    refuseUnfit(spec)
    return normalRows(spec)
  },
  bind: (spec, input) => {
    const startRows = bindRows(spec, input)
    const output = bindOutput(spec, input)
    return {
      isSequential: isSequential(spec),
      output,
      pass: (before) => {
        const rows = startRows(before ?? null)
        const keeper = output.keeper()
        return {
          add: (batch, sink) => {
            const { selected, counts } = rows.choose(batch, sink)
            keeper.keep(batch, selected, sink)
            return counts
          },
          state: () => rows.state(),
          warnings: () => keeper.warnings,
        }
      },
      merge: (_, right) => right,
      finish: () => ({}),
    }
  },
})
