import { createConfig, lintFromString } from '@redocly/openapi-core'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { AnsweredId, Instant, PageOf, Usd, Version } from '../answer-fields.ts'
import { createApp } from '../index.ts'
import { IdText, Paging, SeenVersion, UsdInput } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { restRoutes } from '../routes.ts'
import { startHeliox } from '../testing.ts'
import { requireDocumented } from '../testing-answers.ts'
import { documentedPath, type OpenApiDocument, type Operation, openApiDocument } from './document.ts'

const document = openApiDocument(restRoutes)
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })),
)

/** Routes that do not say what they answer. It stays empty. */
const SILENT = new Set<string>(['GET /imports/:import_id/rejects']) // a file in the format of its import

test('the document names every route of the running app below /api/v1, method by method, and no other', () => {
  const app = createApp({ bindings: {}, openDb: () => never(), now: () => never() })
  const served = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/v1/'))
    .map(({ method, path }) => `${method} ${documentedPath({ path } as never).slice('/api/v1'.length)}`)
  expect(served.length).toBeGreaterThan(20)
  expect(operations.map(({ name }) => name).sort()).toEqual([...new Set(served)].sort())
})

test('operation ids are unique names that a client can carry', () => {
  const ids = operations.map(({ operation }) => operation.operationId)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z0-9]+$/)
  expect(ids).toEqual(expect.arrayContaining(['listTeams', 'getTeam', 'listImportErrors', 'authLogin', 'createImport']))
})

test('every route says what it answers, or that it answers nothing', () => {
  const silent = restRoutes
    .filter(
      ({ answers, status, document }) => answers === null && !document.answerType && status !== 204 && status !== 302,
    )
    .map(({ method, path }) => `${method} ${path}`)
  expect(silent.filter((name) => !SILENT.has(name))).toEqual([])
  expect([...SILENT].filter((name) => !silent.includes(name))).toEqual([]) // said by now: take it off the list
})

test('every tag says what it is about, and every field on the wire is in snake_case without its unit of storage', () => {
  for (const { description } of document.tags as { description: string }[])
    expect(description).not.toMatch(/^Paths below/)
  const fields = Object.values(document.components.schemas).flatMap((schema) => namesIn(schema))
  expect(fields.length).toBeGreaterThan(20)
  expect(fields.filter((name) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))).toEqual([])
  expect(fields.filter((name) => /_(nano_usd|gpu_seconds|at_ms)$/.test(name))).toEqual([])
})

test('the linter that the OpenAPI world uses finds nothing, and asks nobody on the network', async () => {
  const asked = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network in this test'))
  onTestFinished(() => asked.mockRestore())
  const config = await createConfig({
    extends: ['recommended'],
    rules: {
      'info-license': 'off', // the document describes a service; what its text may be used for is not its subject
      'operation-2xx-response': 'off', // what sends a browser elsewhere answers 302 alone; held below
      'no-ambiguous-paths': 'off', // OpenAPI 3.1 itself: /costs/total wins over /costs/{id}, as it does in the app
    },
  })
  const source = JSON.stringify(document)
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config })
  expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual([])
  for (const { name, operation } of operations)
    expect([name, Object.keys(operation.responses)[0]]).toEqual([name, expect.stringMatching(/^(20[0124]|302)$/)])
  const broken = source.replace('"operationId":"listTeams"', '"operationId":"getTeam"')
  expect(await lintFromString({ source: broken, absoluteRef: 'openapi.json', config })).not.toEqual([])
  expect(asked).not.toHaveBeenCalled()
})

test('every example in the document fits its schema', () => {
  const ajv = new Ajv2020({ strict: false, validateSchema: false })
  formats.default(ajv)
  ajv.addSchema(document, 'heliox')
  let count = 0
  const wrong: string[] = []
  const hold = (pointer: string, example: unknown) => {
    count += 1
    const validate = ajv.compile({ $ref: `heliox#${pointer}` })
    if (!validate(example)) wrong.push(`${pointer}: ${JSON.stringify(example)} ${ajv.errorsText(validate.errors)}`)
  }
  walk(document, '', (node, pointer) => {
    if ('schema' in node && 'example' in node) hold(`${pointer}/schema`, node.example)
    if (Array.isArray(node.examples)) for (const example of node.examples) hold(pointer, example)
  })
  expect(wrong).toEqual([])
  expect(count).toBeGreaterThan(40)
})

test('what is said about a route comes from its input, its answer and who may call it', () => {
  const list = operation('listImportErrors')
  expect(list.parameters).toMatchObject([
    { name: 'import_id', in: 'path', required: true },
    { name: 'code', in: 'query' },
    { name: 'skip', in: 'query', schema: { type: 'integer', minimum: 0, default: 0 } },
    { name: 'limit', in: 'query' },
  ])
  expect(Object.keys(list.responses)).toEqual(['200', '400', '401', '403', '404', '429', '500', '503'])
  expect(list.security).toEqual([{ bearerAuth: [] }, { apiKeyAuth: [] }, { cookieAuth: [] }])
  expect(operation('authRegister').security).toEqual([])
  const login = operation('authLogin').requestBody as { content: object }
  expect(Object.keys(login.content)).toEqual(['application/json', 'application/x-www-form-urlencoded'])
  const upload = operation('createImport').requestBody as { content: object }
  expect(Object.keys(upload.content)).toContain('application/gzip')
  const { Profile } = document.components.schemas
  expect(Profile?.properties?.created_at).toMatchObject({ anyOf: [{ format: 'date-time' }, { type: 'null' }] })
  const repeated = operation('getAnalyticsCostDaily').parameters as { name: string; schema: object }[]
  expect(repeated.find(({ name }) => name === 'provider')?.schema).toMatchObject({ type: 'array' })
})

test('units, versions, pages, creates and deletes are said of any route, without a word in it', () => {
  const Lamp = z.object({
    id: AnsweredId('key'),
    costNanoUsd: Usd,
    heldGpuSeconds: z.number(),
    seenAtMs: Instant.nullable(),
  })
  const One = z.object({ ...Lamp.shape, version: Version })
  const byId = { id: IdText('key') }
  const answer = async () => null
  const lamps = openApiDocument([
    rest('GET', '/teams', { summary: 'Lamps', input: z.object(Paging), answers: PageOf('lamps', Lamp) }, answer),
    rest(
      'POST',
      '/teams',
      { summary: 'Add', input: z.object({ costUsd: UsdInput }), answers: One, status: 201 },
      answer,
    ),
    rest('GET', '/teams/:id', { summary: 'One', input: z.object(byId), answers: One }, answer),
    rest(
      'PUT',
      '/teams/:id',
      {
        summary: 'Change',
        input: z.object({ ...byId, costUsd: UsdInput.optional(), version: SeenVersion }),
        answers: One,
      },
      answer,
    ),
    rest(
      'DELETE',
      '/teams/:id',
      { summary: 'Remove', input: z.object({ ...byId, version: SeenVersion }), status: 204 },
      answer,
    ),
  ])
  const { schemas } = lamps.components
  expect(Object.keys(schemas)).toEqual([
    'CreateTeamInput',
    'Error',
    'Lamp',
    'ListTeamsAnswer',
    'Team',
    'UpdateTeamInput',
  ])
  expect(schemas.Lamp?.properties).toMatchObject({
    cost_usd: { type: 'string', examples: ['52073.58'] },
    held_gpu_hours: { type: 'string', examples: ['24.5'] },
    seen_at: { anyOf: [{ format: 'date-time' }, { type: 'null' }] },
  })
  expect(schemas.UpdateTeamInput).toMatchObject({ properties: { cost_usd: { examples: ['1234.56'] } } })
  expect(schemas.UpdateTeamInput?.properties).not.toHaveProperty('version')
  const { get: list, post } = lamps.paths['/teams'] ?? {}
  const { get, put, delete: remove } = lamps.paths['/teams/{id}'] ?? {}
  expect(list?.responses[200]).toMatchObject({
    content: {
      'application/json': { example: { lamps: [{ id: 'key_3', cost_usd: '52073.58' }], has_more: false } },
      'text/csv': {},
    },
  })
  expect(Object.keys(post?.responses ?? {})).toEqual(['201', '400', '401', '403', '409', '413', '429', '500', '503'])
  expect(get?.responses).toMatchObject({ 200: { headers: { ETag: {} } }, 304: {} })
  expect(get?.parameters).toMatchObject([{ name: 'id', example: 'key_3' }, { name: 'If-None-Match' }])
  expect(put?.parameters).toMatchObject([{ name: 'id' }, { name: 'If-Match', in: 'header' }])
  expect(put?.responses).toHaveProperty('412')
  expect(remove?.responses[204]).not.toHaveProperty('content')
  expect([post, get, put, remove].map((one) => one?.operationId)).toEqual([
    ...['createTeam', 'getTeam', 'updateTeam', 'deleteTeam'],
  ])
})

test('an example of something new can be sent as it stands', async () => {
  const { write } = await startHeliox({ now: '2029-03-01T12:00:00Z' })
  for (const name of ['a', 'b', 'c']) await write('POST', '/api/v1/teams', { name })
  for (const path of ['/teams', '/users', '/keys', '/costs', '/usage', '/jobs']) {
    const sent = document.paths[path]?.post?.requestBody as { content: Record<string, { example: object }> }
    const example = sent.content['application/json']?.example
    const { status, body } = await write('POST', `/api/v1${path}`, example)
    expect([path, status, body.error?.details]).toEqual([path, 201, undefined])
  }
})

test('a stranger reads the document from the app, and it is this one', async () => {
  const { stranger } = await startHeliox()
  const response = await stranger('/api/v1/openapi.json')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(document)))
})

test('a test fails when an answer holds a field, a status or a shape that the document does not', async () => {
  const request = (path: string) => new Request(`http://localhost/api/v1${path}`)
  const { json } = await startHeliox()
  const profile = await json<object>('/api/v1/auth/me')
  const answer = (body: object, status = 200) => Response.json(body, { status })
  await requireDocumented(request('/auth/me'), answer(profile))
  for (const wrong of [{ ...profile, password_hash: 'x' }, { ...profile, role: 'king' }, {}])
    await expect(requireDocumented(request('/auth/me'), answer(wrong))).rejects.toThrow(/not what the OpenAPI document/)
  await expect(requireDocumented(request('/auth/me'), answer(profile, 418))).rejects.toThrow(
    /418 is not in the OpenAPI/,
  )
  await expect(requireDocumented(request('/auth/me'), answer({ detail: 'no' }, 401))).rejects.toThrow(
    /required property/,
  )
  await expect(requireDocumented(request('/nothing'), answer({ oops: 1 }, 404))).rejects.toThrow(/\/nothing/)
})

function operation(id: string): Operation {
  const found = operations.find(({ operation }) => operation.operationId === id)
  if (!found) throw new Error(`no operation ${id}`)
  return found.operation
}

function never(): never {
  throw new Error('no request is made')
}

type Node = Record<string, unknown>

/** Every object of the document with its JSON pointer; what stands in an example is no part of the document. */
function walk(value: unknown, pointer: string, visit: (node: Node, pointer: string) => void): void {
  if (value === null || typeof value !== 'object') return
  if (!Array.isArray(value)) visit(value as Node, pointer)
  for (const [key, item] of Object.entries(value))
    if (!/^(example|examples|default|enum|const)$/.test(key) || pointer.endsWith('/properties'))
      walk(item, `${pointer}/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`, visit)
}

function namesIn(schema: OpenApiDocument['components']['schemas'][string]): string[] {
  const names: string[] = []
  walk(schema, '', ({ properties }) => names.push(...Object.keys((properties as object | undefined) ?? {})))
  return names
}
