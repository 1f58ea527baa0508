import { z } from 'zod'
import { ROUTING_STRATEGIES, type RoutingStrategy } from '../../db/units/backend-kinds.ts'
import { AnsweredId } from '../answer-fields.ts'
import type { BackendRef, Candidate } from '../gateway/meter/messages.ts'
import { routeOrder } from '../gateway/meter/routing.ts'
import type { Standings } from './standings.ts'

/** A backend of a model, and when it would be asked now. */
export const RoutedBackend = z.object({
  backendId: AnsweredId('bknd').nullable().describe('Null: the echo that this deployment has by itself'),
  name: z.string(),
  place: z.number().int().nullable().describe('1: asked first; null: passed over'),
  state: z.enum(['asked', 'half-open', 'open', 'full', 'disabled']),
  why: z.string(),
})
export type RoutedBackend = z.output<typeof RoutedBackend>

export const ModelRoute = z.object({
  model: z.string(),
  strategy: z.enum(ROUTING_STRATEGIES),
  isSessionAffine: z.boolean(),
  order: z.array(RoutedBackend).describe('As backends would be asked now, the likeliest first; then those passed over'),
})
export type ModelRoute = z.output<typeof ModelRoute>

/** A backend as its place in the order is decided. */
export type Routable = Candidate & { name: string; enabled: boolean }

/** In which order the backends of a model would be asked now, and why: by the same rule that routes calls. */
export function orderNow(
  served: readonly Routable[],
  strategy: RoutingStrategy,
  standings: Standings,
): RoutedBackend[] {
  const stateOf = ({ id, enabled, maxConcurrency }: Routable): RoutedBackend['state'] => {
    const standing = standings.get(id)
    if (!enabled) return 'disabled'
    if (standing?.breaker === 'open') return 'open'
    if (maxConcurrency !== null && (standing?.inFlight ?? 0) >= maxConcurrency) return 'full'
    return standing?.breaker === 'half-open' ? 'half-open' : 'asked'
  }
  const known = new Map(served.map((one) => [one.id, { one, state: stateOf(one) }]))
  const health = {
    isOpen: (id: BackendRef) => ['open', 'disabled'].includes(known.get(id)?.state ?? ''),
    isFull: ({ id }: Candidate) => known.get(id)?.state === 'full',
    latencyMs: (id: BackendRef) => standings.get(id)?.latencyMs ?? null,
  }
  const evenly = () => 0.5 // with the same chance for all, what is left is the order by weight
  const order = routeOrder({ candidates: served, strategy, affinity: null }, health, 0, evenly)
  const passedOver = served.filter(({ id }) => !order.includes(id)).map(({ id }) => id)
  return [...order, ...passedOver].flatMap((id, index) => {
    const found = known.get(id)
    if (!found) return []
    const place = index < order.length ? index + 1 : null
    const equals = order
      .flatMap((other) => known.get(other)?.one ?? [])
      .filter((o) => o.priority === found.one.priority)
    const why = place === null ? whyNot(found, standings) : whyNow(found, equals, strategy, standings)
    return [{ backendId: id === 'echo' ? null : id, name: found.one.name, place, state: found.state, why }]
  })
}

type Found = { one: Routable; state: RoutedBackend['state'] }

function whyNot({ one, state }: Found, standings: Standings): string {
  const standing = standings.get(one.id)
  if (state === 'disabled') return 'not enabled'
  if (state === 'full') return `full: ${standing?.inFlight ?? 0} of ${one.maxConcurrency} calls at the same time`
  const until = standing?.openUntilMs ? ` until ${new Date(standing.openUntilMs).toISOString()}` : ''
  return `breaker open${until}, after ${standing?.failures ?? 0} failures`
}

function whyNow({ one, state }: Found, equals: readonly Routable[], strategy: RoutingStrategy, standings: Standings) {
  const words = [`priority ${one.priority}`]
  if (equals.length > 1 && strategy === 'least-latency') {
    const latencyMs = standings.get(one.id)?.latencyMs ?? null
    words.push(latencyMs === null ? 'not asked yet, so before others' : `${Math.round(latencyMs)} ms`)
  } else if (equals.length > 1) {
    const sum = equals.reduce((all, { weight }) => all + weight, 0)
    if (one.weight === 0) words.push('weight 0: only after the others')
    else words.push(`weight ${one.weight} of ${sum}: first for ${Math.round((one.weight / sum) * 100)} % of calls`)
  }
  if (state === 'half-open') words.push('breaker half-open: one call tries it again')
  return words.join(', ')
}
