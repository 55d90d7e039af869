/** Says what is in a list: the profile of every column, over all rows, in one pass. */
import { z } from 'zod'
import { needsPlain, plainBatch, plainDialect } from '../csv/plain-batch.ts'
import { addBatch, decodeProfile, encodeProfile, mergeProfiles, profileView, startProfile } from '../csv/profile/profile.ts'
import type { InputWarning } from '../csv/profile/view.ts'
import { define, type Totals } from './operation.ts'
import { dialectHints } from './spec.ts'

/** What whoever ran the passes can say about the whole file. */
interface Met {
  readonly warnings?: readonly InputWarning[]
}

export const analyse = define({
  name: 'analyse',
  title: 'Analyse',
  summary: 'Finds type, extremes, quantiles, distinct and frequent values of every column, over all rows.',
  spec: z.strictObject({
    frequent: z
      .enum(['on', 'off'])
      .default('on')
      .describe('Whether frequent values are kept. Without them a wide table has finer quantiles.'),
    dialect: dialectHints.optional(),
  }),
  makes: 'profile',
  edge: 'DERIVED_FROM',
  normalise: (spec) => spec,
  bind: ({ frequent }, { file, etag, columns, dialect }) => ({
    isSequential: false,
    output: null,
    pass: () => {
      const state = startProfile(columns, { keepsFrequent: frequent !== 'off' })
      const isRare = needsPlain(dialect)
      return {
        add: (batch) => {
          if (isRare) addBatch(state, plainBatch(batch, dialect), plainDialect(dialect))
          else addBatch(state, batch, dialect)
          return { out: batch.count, filtered: 0, rejected: 0 }
        },
        state: () => encodeProfile(state),
      }
    },
    merge: (left, right) => encodeProfile(mergeProfiles(decodeProfile(left), decodeProfile(right))),
    finish: (state, { blankLines, warnings }: Totals & Met) => ({
      ...profileView(decodeProfile(state), { file, etag, dialect, blankLines, ...(warnings && { warnings }) }),
    }),
  }),
})
