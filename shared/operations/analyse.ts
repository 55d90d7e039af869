/** Says what is in a list: the profile of every column, over all rows, in one pass. */
import { z } from 'zod'
import { LIMITS } from '../base/limits.ts'
import { needsPlain, plainBatch, plainDialect } from '../csv/plain-batch.ts'
import { profileRoom } from '../csv/profile/kernel-profile.ts'
import { decodeProfile, encodeProfile, mergeProfiles, profileView } from '../csv/profile/profile.ts'
import { Profiler } from '../csv/profile/profiler.ts'
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
  bind: ({ frequent }, { file, etag, columns, dialect }) => {
    const budget = { budgetBytes: LIMITS.profileBudgetBytes, keepsFrequent: frequent !== 'off' }
    const isRare = needsPlain(dialect)
    return {
      isSequential: false,
      output: null,
      stateBytes: profileRoom(columns.length, budget),
      pass: () => {
        const profiler = new Profiler(columns, isRare ? plainDialect(dialect) : dialect, budget)
        return {
          add: (batch) => {
            profiler.add(isRare ? plainBatch(batch, dialect) : batch)
            return { out: batch.count, filtered: 0, rejected: 0 }
          },
          state: () => encodeProfile(profiler.state()),
        }
      },
      merge: (left, right) => encodeProfile(mergeProfiles(decodeProfile(left), decodeProfile(right))),
      finish: (state, { blankLines, warnings }: Totals & Met) => ({
        ...profileView(decodeProfile(state), { file, etag, dialect, blankLines, ...(warnings && { warnings }) }),
      }),
    }
  },
})
