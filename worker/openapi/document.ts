import { z } from 'zod'
import manifest from '../../package.json' with { type: 'json' }
import type { ErrorKind } from '../errors.ts'
import { HTTP_STATUS, mayBeCsv, type RestRoute } from '../rest.ts'
import { snakeName } from '../wire.ts'
import { exampleOf } from './examples.ts'
import { operationIdOf } from './operation-id.ts'
import { requestOf } from './request.ts'
import { answerSchemas, COMPONENTS, inputSchema, type JsonSchema } from './schemas.ts'
import { ABOUT, REFUSALS, TAGS } from './words.ts'

/** The one error shape, see `errorResponse`. */
const ErrorAnswer = z.object({
  detail: z
    .union([z.string(), z.object({ message: z.string(), errors: z.array(z.string()) })])
    .describe('For people: the message, with the lines about single fields where there are any'),
  error: z.object({
    code: z.string().describe('Stable: match on this'),
    message: z.string(),
    details: z.array(z.string()).describe('One line per field, "cost_data -> 0 -> cost_usd: …"'),
  }),
  requestId: z.string().describe('Also in the header X-Request-ID and in the log'),
})

export type OpenApiDocument = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, JsonSchema> } & Record<string, unknown>
} & Record<string, unknown>

export type Operation = {
  operationId: string
  responses: Record<string, Record<string, unknown>>
  requestBody?: object
  parameters?: object[]
} & Record<string, unknown>

/**
 * The OpenAPI 3.1 document of these routes. Everything in it comes from the route and its zod schemas; only words that
 * stand in no route are in `words.ts`.
 */
export function openApiDocument(routes: readonly RestRoute[]): OpenApiDocument {
  const { names, components } = answerSchemas(routes, { Error: ErrorAnswer })
  const inputs: Record<string, JsonSchema> = {}
  const paths: OpenApiDocument['paths'] = {}
  for (const route of routes) {
    const path = documentedPath(route)
    const operation = operationOf(route, names, components, inputs)
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation }
  }
  const tags = [...new Set(routes.map(tagOf))].sort()
  const responses = usedIn(paths, 'responses', refusals())
  return {
    openapi: '3.1.1',
    info: { title: 'Heliox', version: manifest.version, summary: manifest.description, description: ABOUT },
    servers: [{ url: '/api/v1' }],
    tags: tags.map((name) => ({ name, description: TAGS[name] ?? `Paths below /${name}.` })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries({ ...components, ...inputs }).sort(([a], [b]) => (a < b ? -1 : 1))),
      responses,
      headers: usedIn({ paths, responses }, 'headers', HEADERS),
      securitySchemes: SECURITY,
    },
  }
}

/** "/imports/:import_id" as the document writes it, "/imports/{import_id}". */
export function documentedPath({ path }: RestRoute): string {
  return path.replace(/:(\w+)/g, (_, name: string) => `{${snakeName(name)}}`)
}

/** Those components that something refers to. */
function usedIn<T>(whole: object, kind: string, all: Readonly<Record<string, T>>): Record<string, T> {
  const text = JSON.stringify(whole)
  return Object.fromEntries(Object.entries(all).filter(([name]) => text.includes(`"#/components/${kind}/${name}"`)))
}

function operationOf(
  route: RestRoute,
  names: ReadonlyMap<z.ZodType, string>,
  components: Readonly<Record<string, JsonSchema>>,
  inputs: Record<string, JsonSchema>,
): Operation {
  const operationId = operationIdOf(route)
  const input = inputSchema(route)
  const answer = route.answers && (names.get(route.answers) ?? null)
  const isVersioned = route.cached || Boolean(answer && components[answer]?.properties?.version)
  return {
    operationId,
    tags: [tagOf(route)],
    summary: route.summary,
    ...(route.document.description ? { description: route.document.description } : {}),
    security: securityOf(route),
    ...requestOf(route, input, inputs, isVersioned),
    responses: {
      ...answersOf(route, answer, components, isVersioned),
      ...Object.fromEntries(
        refusalsOf(route, input).map((kind) => [statusOf(kind), { $ref: `#/components/responses/${kind}` }]),
      ),
    },
  }
}

function tagOf({ path }: RestRoute): string {
  return path.split('/')[1]?.replace(/\.\w+$/, '') ?? ''
}

function securityOf({ access, document }: RestRoute): object[] {
  const usual = access === 'user' ? (['bearerAuth', 'apiKeyAuth', 'cookieAuth'] as const) : []
  return (document.credentials ?? usual).map((name) => ({ [name]: [] }))
}

/** The answers of success: JSON, CSV where there are rows, 304 where there is a version. */
function answersOf(
  { status, answers, csvRows, method, document }: RestRoute,
  name: string | null,
  components: Readonly<Record<string, JsonSchema>>,
  isVersioned: boolean,
): Operation['responses'] {
  const headers = {
    'X-Request-ID': { $ref: '#/components/headers/X-Request-ID' },
    ...(isVersioned ? { ETag: { $ref: '#/components/headers/ETag' } } : {}),
    ...(status === 302 ? { Location: { $ref: '#/components/headers/Location' } } : {}),
  }
  const unchanged =
    isVersioned && method === 'GET' ? { 304: { description: 'What you have is still right', headers } } : {}
  if (status === 204 || status === 302) return { [status]: { description: DESCRIPTIONS[status], headers } }
  if (document.answerType !== undefined) {
    const content = { [document.answerType]: { schema: { type: 'string' } } }
    return { [status]: { description: DESCRIPTIONS[status] ?? '', headers, content }, ...unchanged }
  }
  const schema = name === null ? {} : { $ref: `${COMPONENTS}${name}` }
  const example = exampleOf(schema, components)
  const content = {
    'application/json': { schema, ...(example === undefined ? {} : { example }) },
    ...(mayBeCsv({ method, answers, csvRows })
      ? { 'text/csv': { schema: { type: 'string', description: 'The rows, one line each, names first' } } }
      : {}),
  }
  const responses: [number, Record<string, unknown>][] = [status, ...(document.alsoStatus ?? [])].map((code) => [
    code,
    { description: DESCRIPTIONS[code] ?? 'The same, in trouble', headers, content },
  ])
  return { ...Object.fromEntries(responses), ...unchanged }
}

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  200: 'What was asked for',
  201: 'Created',
  202: 'Taken on; it goes on by itself',
  204: 'Done; there is nothing to say',
  302: 'Elsewhere',
}

/** What a route may refuse, in the order of the statuses. */
function refusalsOf({ access, path, method, status, document, takesFile }: RestRoute, input: JsonSchema) {
  const fields = Object.keys(input.properties ?? {})
  const writes = method !== 'GET'
  const kinds = new Set<ErrorKind | 'internal'>(document.errors ?? [])
  const add = (kind: ErrorKind | 'internal', isPossible: boolean) => isPossible && kinds.add(kind)
  add('invalid', fields.length > 0 || status !== 302) // a query with a name that there is not
  add('unauthenticated', access === 'user')
  add('forbidden', access === 'user' || writes)
  add('not_found', path.includes(':') || (writes && namesAnother(input)))
  add(
    'conflict',
    status === 201 || method === 'PUT' || method === 'DELETE' || (writes && path.includes(':') && !takesFile),
  )
  add('precondition', fields.includes('version'))
  add('too_large', writes)
  for (const kind of ['limit_reached', 'internal', 'unavailable'] as const) add(kind, true)
  const said = new Set((document.alsoStatus ?? []).map(String))
  return [...kinds]
    .filter((kind) => !said.has(statusOf(kind)))
    .sort((a, b) => Number(statusOf(a)) - Number(statusOf(b)))
}

/** Whether a field is the id of something, which may not be there: `IdText` gives each an example. */
function namesAnother({ properties = {} }: JsonSchema): boolean {
  return /"examples":\["[a-z]+_\d+"\]/.test(JSON.stringify(properties))
}

function statusOf(kind: ErrorKind | 'internal'): string {
  return String(kind === 'internal' ? 500 : HTTP_STATUS[kind])
}

function refusals() {
  return Object.fromEntries(
    Object.entries(REFUSALS).map(([kind, { text, code, message }]) => {
      const usual = { 'X-Request-ID': { $ref: '#/components/headers/X-Request-ID' } }
      const waits = kind === 'limit_reached' || kind === 'unavailable'
      const counts = kind === 'limit_reached' ? RATE_HEADERS : []
      const names = [...(waits ? ['Retry-After'] : []), ...counts]
      const headers = {
        ...usual,
        ...Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
      }
      const example = { detail: message, error: { code, message, details: [] }, request_id: EXAMPLE_ID }
      return [kind, { description: text, headers, content: { 'application/json': { schema: ERROR, example } } }]
    }),
  )
}

const EXAMPLE_ID = '0b6f7c1e-6c1f-4b53-9d2f-0f6b7f0f8a11'
const ERROR = { $ref: `${COMPONENTS}Error` }
const RATE_HEADERS = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset']

const text = (description: string) => ({ description, schema: { type: 'string' } })
const count = (description: string) => ({ description, schema: { type: 'integer', minimum: 0 } })
const HEADERS = {
  'X-Request-ID': text('Names this request in the log; yours, if you sent a harmless one.'),
  ETag: text('The version of the answer, for `If-None-Match`; of one thing, for `If-Match` as well.'),
  Location: text('Where to go.'),
  'Retry-After': count('Seconds to wait.'),
  'X-RateLimit-Limit': count('Requests that are allowed in the current window.'),
  'X-RateLimit-Remaining': count('Requests that are left in it.'),
  'X-RateLimit-Reset': count('Seconds until it ends.'),
}

const SECURITY = {
  bearerAuth: { type: 'http', scheme: 'bearer', description: 'An access token of `/auth/login`, or an API key.' },
  apiKeyAuth: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key, or the admin key.' },
  cookieAuth: {
    type: 'apiKey',
    in: 'cookie',
    name: 'heliox_session',
    description: 'What a signed-in browser carries; on https its name begins with `__Host-`.',
  },
}
