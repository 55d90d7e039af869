/** Says what is in a list: the profile of every column, over all rows, in one pass. */
import { z } from 'zod'
import { addBatch, decodeProfile, encodeProfile, mergeProfiles, profileView, startProfile } from '../csv/profile/profile.ts'
import { define } from './operation.ts'
import { dialectHints } from './spec.ts'

export const analyse = define({
  name: 'analyse',
  title: 'Analyse',
  summary: 'Finds type, extremes, distinct and frequent values of every column, over all rows.',
  spec: z.strictObject({ dialect: dialectHints.optional() }),
  makes: 'profile',
  edge: 'DERIVED_FROM',
  normalise: (spec) => spec,
  bind: (_spec, { file, etag, columns, dialect }) => ({
    isSequential: false,
    output: null,
    pass: () => {
      const state = startProfile(columns, {})
      return {
        add: (batch) => {
          addBatch(state, batch, dialect)
          return { out: batch.count, filtered: 0, rejected: 0 }
        },
        state: () => encodeProfile(state),
      }
    },
    merge: (left, right) => encodeProfile(mergeProfiles(decodeProfile(left), decodeProfile(right))),
    finish: (state, { blankLines }) => ({ ...profileView(decodeProfile(state), { file, etag, dialect, blankLines }) }),
  }),
})
