import { HelioxError } from './errors.ts'
import { inputSchema } from './openapi/schemas.ts'
import type { RestRoute } from './rest.ts'
import { camelName, snakeName } from './wire.ts'

/** A refusal names no more than this many, of either kind. */
const MOST_NAMES = 15

/** By route, made at its first request with a query. Null: the input has no fixed names. */
const known = new WeakMap<RestRoute, readonly string[] | null>()

/**
 * Refuses a query with a name that the route does not take: a filter with a slip of the pen would else answer everything.
 * What stands in the path is no name of the query. A route that sends a browser elsewhere takes any: strangers send
 * browsers to it, with what they like.
 *
 * @throws HelioxError invalid `request.invalid`, a line per name that there is not
 */
export function requireKnownNames(route: RestRoute, given: readonly string[]): void {
  if (given.length === 0 || route.status === 302) return
  const names = namesOf(route)
  const unknown = names ? given.filter((name) => !names.includes(camelName(name))) : []
  if (!names || unknown.length === 0) return
  const shown = names.slice(0, MOST_NAMES).map(snakeName)
  const rest = names.length > MOST_NAMES ? [`${names.length - MOST_NAMES} more`] : []
  const words = names.length > 0 ? `known: ${[...shown, ...rest].join(', ')}` : 'this path takes none'
  const details = unknown
    .slice(0, MOST_NAMES)
    .map((name) => `${name.slice(0, 40)}: there is no such parameter; ${words}`)
  const more = unknown.length > 1 ? ` (and ${unknown.length - 1} more)` : ''
  throw new HelioxError('invalid', 'request.invalid', `Invalid request: ${details[0]}${more}`, { details })
}

function namesOf(route: RestRoute): readonly string[] | null {
  const kept = known.get(route)
  if (kept !== undefined) return kept
  const { properties, type } = inputSchema(route)
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => camelName(name))
  const fields = Object.keys(properties ?? {}).map(camelName)
  const names = type === 'object' ? fields.filter((name) => !inPath.includes(name)) : null
  known.set(route, names)
  return names
}
