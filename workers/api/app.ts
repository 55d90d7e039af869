/** The table of contents of the API: what every request passes, in order, and which route file answers where. */
import { OpenAPIHono } from '@hono/zod-openapi'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { AppError } from '../../shared/base/errors.ts'
import type { Ports } from '../../shared/ports.ts'
import type { Api, ApiEnv } from './env.ts'
import { onError, onNotFound, problemAnswer } from './middleware/errors.ts'
import { requestLog } from './middleware/log.ts'
import { requestId } from './middleware/request-id.ts'
import { noStore, securityHeaders } from './middleware/security-headers.ts'
import { requireSetup } from './middleware/startup.ts'
import { content } from './routes/content.ts'
import { deadLetters } from './routes/dead-letters.ts'
import { files } from './routes/files.ts'
import { filters } from './routes/filters.ts'
import { health } from './routes/health.ts'
import { jobChunks } from './routes/job-chunks.ts'
import { jobEvents } from './routes/job-events.ts'
import { jobs } from './routes/jobs.ts'
import { lineage } from './routes/lineage.ts'
import { metrics } from './routes/metrics.ts'
import { describeApi } from './routes/openapi.ts'
import { operations } from './routes/operations.ts'
import { uploads } from './routes/uploads.ts'

/** Where each route file hangs. */
const ROUTES = [
  ['/health', health],
  ['/files', files],
  ['/files', content],
  ['/files', lineage],
  ['/uploads', uploads],
  ['/filters', filters],
  ['/jobs', jobs],
  ['/jobs', jobEvents],
  ['/jobs', jobChunks],
  ['/operations', operations],
  ['/admin/dead-letters', deadLetters],
  ['/metrics', metrics],
] as const

/** The ports of one environment, made once: ids must go on counting from request to request. */
const onceEach = (make: (env: ApiEnv) => Ports): ((env: ApiEnv) => Ports) => {
  const made = new WeakMap<ApiEnv, Ports>()
  return (env) => {
    const ports = made.get(env) ?? make(env)
    made.set(env, ports)
    return ports
  }
}

export const makeApp = (portsOf: (env: ApiEnv) => Ports): OpenAPIHono<Api> => {
  const app = new OpenAPIHono<Api>({ strict: false })
  const ports = onceEach(portsOf)
  app.onError(onError)
  app.notFound(onNotFound)
  app.use(async (c, next) => {
    c.set('ports', ports(c.env))
    await next()
  })
  app.use(requestId, requestLog, securityHeaders, noStore)
  app.use(methodNotAllowed({ app, onMethodNotAllowed: (c, methods) => refuseMethod(c as Parameters<typeof problemAnswer>[0], methods) }))
  app.use('/api/v1/*', requireSetup)
  for (const [path, routes] of ROUTES) app.route(`/api/v1${path}`, routes)
  describeApi(app)
  return app
}

const refuseMethod = (c: Parameters<typeof problemAnswer>[0], methods: readonly string[]): Response => {
  const allow = methods.join(', ')
  return problemAnswer(c, new AppError('method_not_allowed', `This path answers to ${allow}.`, { extra: { allow } }))
}
