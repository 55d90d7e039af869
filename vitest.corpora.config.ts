import { defineConfig } from 'vitest/config'

/** The suites of others and the oracle's answers: they lie in the design folder beside the checkout, which users do not have. */
export default defineConfig({
  test: {
    name: 'corpora',
    include: ['test/corpora/**/*.test.ts'],
    reporters: ['default', './test/support/tally.ts'],
    testTimeout: 300_000,
  },
})
