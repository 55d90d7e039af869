import path from 'node:path'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig, defineProject } from 'vitest/config'

const migrations = await readD1Migrations(path.join(import.meta.dirname, 'migrations'))

/** A project inside workerd. Its producers point to queues nobody consumes: the configured consumers really run, and would race with the test. */
const workerProject = (name: 'api' | 'processor', bindings: Record<string, unknown> = {}) =>
  defineProject({
    plugins: [
      cloudflareTest({
        wrangler: { configPath: `./wrangler.${name}.toml` },
        miniflare: {
          bindings: { TEST_MIGRATIONS: migrations, R2_EVENTS: 'emulate', KEY_PEPPER: 'a pepper for tests only, 32 bytes', ...bindings },
          queueProducers: {
            FILE_EVENTS: { queueName: 'test-file-events' },
            JOBS: { queueName: 'test-jobs' },
            CHUNKS: { queueName: 'test-chunks' },
          },
        },
      }),
    ],
    test: { name, include: [`test/${name}/**/*.test.ts`], setupFiles: ['test/support/worker-setup.ts'], testTimeout: 30_000 },
  })

export default defineConfig({
  test: {
    silent: 'passed-only',
    reporters: ['default', './test/support/tally.ts'],
    projects: [
      defineProject({
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/api/**', 'test/processor/**', 'test/flows/**', 'test/corpora/**', 'test/lifecycle/**'],
          // A hundred and thirty files that only compute: loading the modules anew for each takes longer than most of them.
          isolate: false,
          testTimeout: 30_000,
        },
      }),
      workerProject('api'),
      workerProject('processor'),
      defineProject({
        test: { name: 'flows', include: ['test/flows/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false },
      }),
    ],
  },
})
