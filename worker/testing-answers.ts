import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { documentedPath, type OpenApiDocument, openApiDocument } from './openapi/document.ts'
import type { JsonSchema } from './openapi/schemas.ts'
import type { RestRoute } from './rest.ts'
import { restRoutes } from './routes.ts'

/** Tests only. What the document says, compiled at the first need and kept for the process. */
let known: { document: OpenApiDocument; ajv: Ajv2020; validators: Map<string, ValidateFunction> } | undefined

/** The document with nothing left open: what it does not name may not be there. */
function documentOfTests() {
  if (known) return known
  const document = closed(openApiDocument(restRoutes)) as OpenApiDocument
  const ajv = new Ajv2020({ strict: false, validateSchema: false })
  formats.default(ajv)
  ajv.addSchema(document, 'heliox')
  known = { document, ajv, validators: new Map() }
  return known
}

function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (value === null || typeof value !== 'object') return value
  const schema = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, closed(item)])) as JsonSchema
  return schema.type === 'object' && schema.properties ? { additionalProperties: false, ...schema } : schema
}

/**
 * Holds an answer of /api/v1 against the document: its status must be one that the route names, a JSON answer must fit
 * its schema and hold no field beyond it, a refusal must have the one error shape.
 *
 * @throws Error which says what the document misses, or what does not fit
 */
export async function requireDocumented({ method, url }: Request, response: Response): Promise<void> {
  const { pathname } = new URL(url)
  if (!pathname.startsWith('/api/v1/')) return
  const isJson = response.headers.get('content-type') === 'application/json'
  const body: unknown = isJson ? await response.clone().json() : null
  const route = restRoutes.find((one) => one.method === method && pathOf(one).test(pathname))
  if (!route) return fits('/components/schemas/Error', body, `${method} ${pathname}`)
  const path = documentedPath(route)
  const operation = documentOfTests().document.paths[path]?.[method.toLowerCase()]
  const documented = operation?.responses[response.status]
  const what = `${method} ${route.path} → ${response.status}`
  if (!documented)
    throw new Error(
      `${what} is not in the OpenAPI document (the route's \`document.errors\` may add it): ${JSON.stringify(body)}`,
    )
  if (!isJson) return
  const pointer = `/paths/${escaped(path)}/${method.toLowerCase()}/responses/${response.status}`
  const shared = (documented as { $ref?: string }).$ref?.slice(1)
  fits(`${shared ?? pointer}/content/application~1json/schema`, body, what)
}

function pathOf({ path }: RestRoute): RegExp {
  return new RegExp(`^/api/v1${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`)
}

function escaped(path: string): string {
  return encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'))
}

function fits(pointer: string, body: unknown, what: string): void {
  const { ajv, validators } = documentOfTests()
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `heliox#${pointer}` })
  validators.set(pointer, validate)
  if (validate(body)) return
  const wrong = (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
  )
  throw new Error(`${what} is not what the OpenAPI document says: ${wrong.join('; ')}\n${JSON.stringify(body)}`)
}
