import type { CountedName } from './counted.ts'
import type { IsolateCounts } from './isolate-counts.ts'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** What has no route of its own; all that strangers make up is here. */
const NO_ROUTE = 'unmatched'
const PROBE = /^\/(health|metrics)(\/|$)/

/** The request as labels know it: of a bounded set, whatever the client says. */
export function methodLabel(method: string): string {
  return METHODS.has(method) ? method : 'OTHER'
}

/**
 * The pattern of the route that answered ("/api/v1/teams/:id"); of tRPC the procedure, if it was one that exists, and
 * "/trpc/batch" for several. `pattern`: of the last route that the path met; one with a star is no route but what stands
 * before routes.
 */
export function endpointLabel(path: string, pattern: string, procedures: ReadonlySet<string>): string {
  if (pattern.startsWith('/trpc/')) {
    const name = path.slice('/trpc/'.length)
    if (procedures.has(name)) return `/trpc/${name}`
    return /,|%2c/i.test(name) ? '/trpc/batch' : NO_ROUTE
  }
  return pattern.includes('*') ? NO_ROUTE : pattern
}

/** The endpoint as labels know it. */
export type AnsweredRequest = { method: string; endpoint: string; status: number; ms: number }

/** Counts one request. A door: both wires and the gateway end here. */
export function countRequest(counts: IsolateCounts, { method, endpoint, status, ms }: AnsweredRequest): void {
  const name = methodLabel(method)
  counts.count('api_requests_total' satisfies CountedName, [name, endpoint, String(status)])
  counts.observe('api_request_duration_seconds', [name, endpoint], ms)
  if (!PROBE.test(endpoint)) counts.news()
}
