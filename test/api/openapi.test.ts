/** The document says exactly what is mounted, and names everything a client needs. */
import { describe, expect, it } from 'vitest'
import { ERRORS } from '../../shared/base/errors.ts'
import { portsOf } from '../../shared/bindings.ts'
import { makeApp } from '../../workers/api/app.ts'
import { ask, type Json } from '../support/api-client.ts'

const app = makeApp(portsOf)
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
const mounted = [
  ...new Set(
    app.routes
      .filter(({ method, path }) => METHODS.has(method) && !path.endsWith('*'))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}').replace(/(.)\/$/, '$1')}`),
  ),
].sort()

const document: Json = (await ask('GET', '/openapi.json')).json
const operations: [string, Json][] = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
  Object.entries<Json>(item).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as [string, Json]),
)

/** Everything in the document that can have a pattern or an example. */
const schemasIn = (value: Json): Json[] =>
  value !== null && typeof value === 'object' ? [value, ...Object.values<Json>(value).flatMap(schemasIn)] : []

describe('the document', () => {
  it('is OpenAPI 3.1 and needs no key', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.components.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      apiKey: { in: 'header', name: 'X-API-Key' },
    })
  })

  it('describes every route that is mounted, and none that is not', () => expect(operations.map(([name]) => name).sort()).toEqual(mounted))

  it('holds the routes of the API', () =>
    expect(mounted).toEqual(
      expect.arrayContaining([
        'DELETE /api/v1/files/{id}',
        'DELETE /api/v1/uploads/{id}',
        'GET /api/v1/admin/dead-letters',
        'GET /api/v1/files',
        'GET /api/v1/files/{id}',
        'GET /api/v1/files/{id}/content',
        'GET /api/v1/files/{id}/lineage',
        'GET /api/v1/files/{id}/profile',
        'GET /api/v1/files/{id}/rows',
        'GET /api/v1/health',
        'GET /api/v1/health/deep',
        'GET /api/v1/jobs',
        'GET /api/v1/jobs/{id}',
        'GET /api/v1/jobs/{id}/chunks',
        'GET /api/v1/jobs/{id}/events',
        'GET /api/v1/metrics',
        'GET /api/v1/openapi.json',
        'GET /api/v1/operations',
        'GET /api/v1/uploads/{id}',
        'PATCH /api/v1/files/{id}',
        'POST /api/v1/admin/dead-letters/{id}/replay',
        'POST /api/v1/files',
        'POST /api/v1/filters/check',
        'POST /api/v1/jobs',
        'POST /api/v1/jobs/{id}/cancel',
        'POST /api/v1/jobs/{id}/rollback',
        'POST /api/v1/uploads',
        'POST /api/v1/uploads/{id}/complete',
        'PUT /api/v1/uploads/{id}/parts/{number}',
      ]),
    ))

  it('names each operation once', () => {
    const names = operations.map(([, operation]) => operation.operationId)
    expect(new Set(names).size).toBe(names.length)
  })

  it('refers only to schemas that it holds', () => {
    const wanted = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!)
    expect(wanted.filter((name) => !(name in document.components.schemas))).toEqual([])
    expect(wanted).toContain('Problem')
  })

  it('gives no example that its own pattern refuses', () => {
    const schemas = schemasIn(document)
    const strings = schemas.flatMap(({ pattern, example }) => (pattern && example !== undefined ? [[pattern, example]] : []))
    const lists = schemas.flatMap(({ items, example = [] }) => (items?.pattern ? example.map((one: string) => [items.pattern, one]) : []))
    expect(strings.length).toBeGreaterThan(0)
    expect(lists.length).toBeGreaterThan(0)
    expect([...strings, ...lists].filter(([pattern, example]) => !new RegExp(pattern, 'u').test(example))).toEqual([])
  })

  it('lists every code in the schema of problems', () =>
    expect(document.components.schemas.Problem.properties.code.enum).toEqual(Object.keys(ERRORS)))
})

describe.each(operations)('%s', (name, operation) => {
  it('has an answer that is right and one that is a problem', () => {
    const statuses = Object.keys(operation.responses)
    expect(statuses.some((status) => status.startsWith('2'))).toBe(true)
    const problems = statuses.filter((status) => operation.responses[status].content?.['application/problem+json'])
    expect(problems.length).toBeGreaterThan(0)
  })

  it('describes its path parameters', () => {
    const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
    const described = (operation.parameters ?? []).filter((parameter: Json) => parameter.in === 'path')
    expect(described.map((parameter: Json) => parameter.name).sort()).toEqual(inPath.sort())
  })

  it('answers as it says to those without a key', async () => {
    const [method, path] = name.split(' ') as [string, string]
    const answer = await ask(method, path.replace(/\{number\}/, '1').replace(/\{\w+\}/g, 'x'))
    if (operation.security.length > 0) expect(answer.status).toBe(401)
    else expect(answer.status).toBe(200)
  })
})
