/** What tests inside workerd find in `env` and `exports`: both workers' bindings, and the migrations. */
import type { D1Migration } from 'cloudflare:test'
import type { ApiEnv } from '../../workers/api/env.ts'

declare global {
  namespace Cloudflare {
    interface Env extends ApiEnv {
      readonly TEST_MIGRATIONS: D1Migration[]
    }
    interface GlobalProps {
      mainModule: typeof import('../../workers/api/index.ts')
    }
  }
}
