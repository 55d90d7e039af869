import { defineConfig } from 'vitest/config'

/** What becomes of the local service when commands end, are killed, or meet, and of the benchmark's own: each test starts and ends a service or two, which takes seconds. */
export default defineConfig({
  test: {
    name: 'lifecycle',
    silent: 'passed-only',
    include: ['test/lifecycle/**/*.test.ts'],
    reporters: ['default', './test/support/tally.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
