import type { RestRoute } from '../rest.ts'
import { snakeName } from '../wire.ts'
import { bodyExample } from './examples.ts'
import { operationIdOf, pascal } from './operation-id.ts'
import { COMPONENTS, type JsonSchema } from './schemas.ts'

/** A version is told in If-Match, see `serveRoute`. */
const VERSION = 'version'

/** Parameters and body of an operation, as `serveRoute` reads them. The schema of a JSON body is added to `named`. */
export function requestOf(
  route: RestRoute,
  input: JsonSchema,
  named: Record<string, JsonSchema>,
  isVersioned: boolean,
): { parameters?: object[]; requestBody?: object } {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => snakeName(name))
  const others = Object.keys(input.properties ?? {}).filter((name) => !inPath.includes(name) && name !== VERSION)
  const hasJsonBody = (route.method === 'POST' || route.method === 'PUT') && !route.takesFile
  const parameters = [
    ...inPath.map((name) => parameter(input, name, 'path')),
    ...(hasJsonBody ? [] : others.map((name) => parameter(input, name, 'query'))),
    ...(input.properties?.[VERSION] ? [IF_MATCH] : []),
    ...(isVersioned && route.method === 'GET' ? [IF_NONE_MATCH] : []),
  ]
  return {
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.takesFile ? { requestBody: fileBody(route) } : {}),
    ...(hasJsonBody && others.length > 0 ? { requestBody: jsonBody(route, input, others, named) } : {}),
  }
}

function parameter(input: JsonSchema, name: string, place: 'path' | 'query'): object {
  const schema = place === 'query' ? repeatable(input.properties?.[name] ?? {}) : (input.properties?.[name] ?? {})
  const { description, examples, ...rest } = schema
  return {
    ...{ name, in: place },
    ...(description ? { description } : {}),
    ...(place === 'path' || input.required?.includes(name) ? { required: true } : {}),
    schema: rest,
    ...(examples?.length ? { example: examples[0] } : {}),
  }
}

/** One value or a list of them is, in a query, a list: `?provider=aws&provider=gcp`. */
function repeatable(schema: JsonSchema): JsonSchema {
  const list = schema.anyOf?.find(({ type }) => type === 'array')
  if (!list) return schema
  const { anyOf, ...words } = schema
  return { ...words, ...list }
}

function jsonBody(
  route: RestRoute,
  input: JsonSchema,
  fields: readonly string[],
  named: Record<string, JsonSchema>,
): object {
  const required = (input.required ?? []).filter((name) => fields.includes(name))
  const properties = Object.fromEntries(fields.map((name) => [name, input.properties?.[name] ?? {}]))
  const name = `${pascal(operationIdOf(route))}Input`
  named[name] = { type: 'object', properties, ...(required.length > 0 ? { required } : {}) }
  const schema = { $ref: `${COMPONENTS}${name}` }
  const example = bodyExample(schema, named)
  const types = route.document.bodyTypes ?? ['application/json']
  const content = types.map((type) => [type, { schema, ...(example === undefined ? {} : { example }) }])
  return { required: required.length > 0, content: Object.fromEntries(content) }
}

/** What `auto` can tell apart; the type is not looked at. */
const FILE_TYPES = ['text/csv', 'text/plain', 'application/json', 'application/octet-stream', 'application/gzip']

function fileBody({ document }: RestRoute): object {
  const content = (document.bodyTypes ?? FILE_TYPES).map((type) => [type, { schema: {} }])
  return { description: 'The file itself, plain or gzip.', content: Object.fromEntries(content) }
}

const IF_MATCH = {
  ...{ name: 'If-Match', in: 'header', schema: { type: 'string' } },
  description: 'The ETag of what you have read: 412 if somebody changed it since. Without it the last one wins.',
}
const IF_NONE_MATCH = {
  ...{ name: 'If-None-Match', in: 'header', schema: { type: 'string' } },
  description: 'The ETag of what you have: 304 if it is still right.',
}
