import type { Context } from 'hono'
import type { z } from 'zod'
import { askOnce } from './answer-cache/ask-once.ts'
import type { Asking } from './asking.ts'
import { userScope } from './asking.ts'
import { BrokenOff, brokenBody, type ErrorKind, expected, HelioxError, rootCause } from './errors.ts'
import { invalidInput } from './invalid-input.ts'
import { rowsIn } from './openapi/schemas.ts'
import { requireKnownNames } from './query-names.ts'
import type { Scope } from './scope.ts'
import { requireStorableText } from './storable-text.ts'
import { camelKeys, snakeKeys, toWire } from './wire.ts'

export const HTTP_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition: 412,
  too_large: 413,
  limit_reached: 429,
  unavailable: 503,
} as const satisfies Record<ErrorKind, number>

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Success = 200 | 201 | 202 | 204 | 302

/** One documented path over one verb. */
export type RestRoute = {
  method: Method
  /** Below `/api/v1`; `:name` is a path parameter. */
  path: string
  summary: string
  /** `user` needs a signed-in user or the admin key, `stranger` nobody: those two and nothing else. */
  access: 'user' | 'stranger'
  input: z.ZodType
  /** The answer in units, for the document; null: none (204), or not JSON. */
  answers: z.ZodType | null
  /** Rows of its CSV, made of the answer as it is on the wire; null: the rows of the list that the answer is. */
  csvRows: ((wire: never) => Record<string, unknown>[]) | null
  /** Of success. */
  status: Success
  /** The body is a file, not JSON: the verb streams it. */
  takesFile: boolean
  /** The answer depends on the ledger alone: it has an ETag of the ledger's version, and is kept until that changes. */
  cached: boolean
  /** More for the document alone. */
  document: RouteWords
  answer: (asking: Asking, input: never) => Promise<unknown>
}

/** What the document cannot see in a route by itself; nearly every route leaves all of it out. */
export type RouteWords = {
  description?: string
  /** In place of the one made from method and path. */
  operationId?: string
  /** Refusals beyond those that `openapi/document.ts` derives from method, path, access and input. */
  errors?: readonly ErrorKind[]
  /** Of the body, where it is not JSON (or, for a file, not any of the usual types). */
  bodyTypes?: readonly string[]
  /** Of the answer, where it is not JSON. */
  answerType?: string
  /** Where the route looks for its credentials itself. */
  credentials?: readonly ('bearerAuth' | 'apiKeyAuth' | 'cookieAuth')[]
  /** Further statuses that carry the same answer, as a probe's 503. */
  alsoStatus?: readonly number[]
}

type RouteOptions = {
  summary: string
  takesFile?: boolean
  cached?: boolean
  status?: Success
  answers?: z.ZodType | null
  csvRows?: RestRoute['csvRows']
  document?: RouteWords
}

const USUAL = { takesFile: false, cached: false, status: 200, answers: null, csvRows: null, document: {} } as const

/** A route for signed-in users: check the input, ask the verb. Names and units are translated by `serveRoute`. */
export function rest<S extends z.ZodType>(
  method: Method,
  path: string,
  options: RouteOptions & { input: S },
  verb: (scope: Scope, input: z.output<S>, asking: Asking) => Promise<unknown>,
): RestRoute {
  const answer = async (asking: Asking, input: z.output<S>) => verb(await userScope(asking), input, asking)
  return { method, path, access: 'user', ...USUAL, ...options, answer: answer as RestRoute['answer'] }
}

/** A route that strangers may call, such as sign-in; it finds out itself who asks. */
export function openRest<S extends z.ZodType>(
  method: Method,
  path: string,
  options: RouteOptions & { input: S },
  verb: (asking: Asking, input: z.output<S>) => Promise<unknown>,
): RestRoute {
  return { method, path, access: 'stranger', ...USUAL, ...options, answer: verb as RestRoute['answer'] }
}

/** An answer whose status only the verb knows; every other route says its own. */
export class Answer {
  readonly status: number
  readonly body: unknown
  constructor(status: number, body: unknown) {
    this.status = status
    this.body = body
  }
}

/** Each route: who asks (before anything is read), names to camelCase, check, ask the verb, units to text, snake_case. */
export async function serveRoute(route: RestRoute, c: Context, asking: Asking): Promise<Response> {
  if (route.access === 'user') await userScope(asking) // a stranger learns nothing about what is a valid input
  const query = queryOf(c)
  requireKnownNames(route, Object.keys(query))
  const body = route.takesFile ? {} : await bodyOf(c)
  const [inBody, inQuery, inPath] = [body, query, c.req.param()].map((part) => camelKeys(part) as object)
  const raw = { ...inBody, ...inQuery, ...seenVersion(c), ...inPath } // the path says which thing it is, whatever else does
  requireStorableText(raw)
  const input = route.input.safeParse(raw)
  if (!input.success) throw invalidInput(input.error)
  if (route.cached) return serveCached(route, c, asking, input.data as never)
  const answering = route.answer(asking, input.data as never)
  // An upload whose sender hangs up still comes to its end: its import is closed, and what it staged is forgotten.
  if (route.takesFile) asking.outlive(answering.catch(() => undefined))
  const result = await answering
  if (result instanceof Response) return result // the document itself: names in it are not ours to change
  const { status, body: answer } = result instanceof Answer ? result : new Answer(route.status, result)
  const headers = asking.answerHeaders
  if (status === 204 || status === 302) return new Response(null, { status, headers })
  const wire = snakeKeys(toWire(answer))
  const { version } = (wire ?? {}) as { version?: unknown }
  if (typeof version === 'string') {
    headers.set('etag', `"${version}"`)
    const held = heldTags(c)
    if (route.method === 'GET' && (held.includes(`"${version}"`) || held.includes('*')))
      return new Response(null, { status: 304, headers })
  }
  if (isCsvAsked(route, c)) return csvResponse(route, wire, status, headers)
  headers.set('content-type', 'application/json')
  return new Response(JSON.stringify(wire), { status, headers })
}

/** An answer of the ledger: none where the client holds it, else the kept one, else made now. */
async function serveCached(route: RestRoute, c: Context, asking: Asking, input: never): Promise<Response> {
  const asked = await askOnce(asking, { name: `${route.method} ${route.path}`, input })
  for (const name of ['Authorization', 'Cookie', 'X-API-Key']) c.res.headers.append('vary', name)
  const isCsv = isCsvAsked(route, c)
  const held = heldTags(c)
  const tagged = (tag: string | null, headers = asking.answerHeaders) => {
    headers.set('cache-control', 'private, no-cache')
    if (tag) headers.set('etag', etagOf(tag))
    return headers
  }
  const etagOf = (tag: string) => (isCsv ? `"${tag}-csv"` : `"${tag}"`)
  if (held.some((tag) => tag.startsWith('"'))) {
    const tag = await asked.tag()
    if (held.includes(etagOf(tag))) {
      asked.noteHeld()
      return new Response(null, { status: 304, headers: tagged(tag) })
    }
  }
  if (route.answers === null) {
    const tag = await asked.tag()
    const file = await asked.file((unnamed) => route.answer(unnamed, input) as Promise<Response>)
    tagged(tag, file.headers)
    return file
  }
  const { json, value, tag } = await asked.answer(async (unnamed) =>
    snakeKeys(toWire(await route.answer(unnamed, input))),
  )
  const headers = tagged(tag)
  if (tag && held.includes('*')) return new Response(null, { status: 304, headers })
  if (isCsv) return csvResponse(route, value(), route.status, headers)
  headers.set('content-type', 'application/json')
  return new Response(json, { status: route.status, headers })
}

/** Whether the answer is CSV for this client; tells caches where it may be. */
function isCsvAsked(route: RestRoute, c: Context): boolean {
  if (!mayBeCsv(route)) return false
  c.res.headers.append('vary', 'Accept') // beside the Origin of CORS
  return c.req.header('accept')?.includes('text/csv') === true
}

function csvResponse({ csvRows }: RestRoute, wire: unknown, status: number, headers: Headers): Response {
  headers.set('content-type', 'text/csv; charset=utf-8')
  return new Response(csvText((csvRows ?? rowsOf)(wire as never)), { status, headers })
}

/** What an update's If-Match says; `*` and weak tags as they are meant. */
function seenVersion(c: Context): { version?: string } {
  const given = c.req.header('if-match')
  if (given === undefined || c.req.method === 'GET') return {}
  return { version: given.replace(/^W\//, '').replace(/^"(.*)"$/, '$1') }
}

/** The tags of If-None-Match, in quotes, or `*`: one or a list of them. It compares weakly, so a weak one counts as strong. */
function heldTags(c: Context): string[] {
  const given = c.req.header('if-none-match') ?? ''
  return given.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
}

/** Query values; one that is given more than once becomes a list. */
function queryOf(c: Context): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, values]) => [name, values.length > 1 ? values : (values[0] ?? '')]),
  )
}

async function bodyOf(c: Context): Promise<unknown> {
  const type = c.req.header('content-type') ?? ''
  if (type.startsWith('application/x-www-form-urlencoded')) return c.req.parseBody().catch(unread)
  if (!type.startsWith('application/json')) return {}
  const text = await c.req.text().catch(unread)
  if (text.trim() === '') return {}
  try {
    const body: unknown = JSON.parse(text)
    if (body !== null && typeof body === 'object' && !Array.isArray(body)) return body
  } catch {
    // falls through to the one sentence for both
  }
  throw new HelioxError('invalid', 'request.not_json', 'The body must be a JSON object')
}

function unread(cause: unknown): never {
  throw expected(cause) ?? brokenBody(cause)
}

/** The one error shape: `{detail, error:{code, message, details[]}, request_id}`. Unknown errors keep their words. */
export function errorResponse(
  error: unknown,
  asking: Pick<Asking, 'log' | 'requestId'> & Partial<Pick<Asking, 'answerHeaders'>>,
): Response {
  const known = expected(error) ?? (error instanceof BrokenOff ? brokenBody(error) : null)
  if (!known) asking.log.error('request.failed', { error: String(rootCause(error)) })
  if (known?.kind === 'unavailable')
    asking.log.error('request.unavailable', { error: known.message, details: known.details })
  const { code, message, details } = known ?? { code: 'internal', message: 'Something went wrong', details: [] }
  const detail = details.length > 0 ? { message, errors: details } : message
  const headers = new Headers(asking.answerHeaders) // a refusal may carry Retry-After
  headers.set('x-request-id', asking.requestId)
  if (known?.kind === 'unavailable') headers.set('retry-after', '5')
  const status = known ? HTTP_STATUS[known.kind] : 500
  return Response.json({ detail, error: { code, message, details }, request_id: asking.requestId }, { status, headers })
}

/** Whether a route answers a list or a page, which is CSV for who asks so. One thing has no rows. */
export function mayBeCsv({ method, answers, csvRows }: Pick<RestRoute, 'method' | 'answers' | 'csvRows'>): boolean {
  return method === 'GET' && answers !== null && (csvRows !== null || rowsIn(answers) !== null)
}

/** The rows of a list, as it is, or of a page. */
function rowsOf(wire: unknown): Record<string, unknown>[] {
  const rows = Array.isArray(wire) ? wire : Object.values(wire as object).find((value) => Array.isArray(value))
  return (rows ?? []) as Record<string, unknown>[]
}

/** Rows as CSV, the header from the first row's names; a text cell that a spreadsheet would run is made harmless. */
export function csvText(rows: readonly Record<string, unknown>[]): string {
  const columns = Object.keys(rows[0] ?? {})
  const cell = (value: unknown) => {
    const text =
      value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : `${value}`
    const isNumber = /^-?\d+(\.\d+)?$/.test(text)
    const harmless = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
  }
  return [columns.join(','), ...rows.map((row) => columns.map((name) => cell(row[name])).join(','))]
    .map((line) => `${line}\r\n`)
    .join('')
}
