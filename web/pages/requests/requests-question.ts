import type { Questions } from '../../api.ts'
import type { Days } from '../../choice/range.ts'

type Asked = NonNullable<Questions['requests']['total']>

/** Filters of the address, named as the REST interface names them. */
export const REQUEST_FILTERS = [
  ...['team_id', 'model', 'key_id', 'user_id', 'backend', 'status', 'cost_grade', 'cache', 'errors'],
  ...['min_cost_usd', 'min_latency_ms'],
] as const
export type RequestFilter =
  | ('team_id' | 'model' | 'key_id' | 'user_id' | 'backend' | 'status' | 'cost_grade' | 'cache' | 'errors')
  | ('min_cost_usd' | 'min_latency_ms')
/** '' where the address does not say. */
export type RequestChoice = Readonly<Record<RequestFilter, string>>

type Params = Readonly<Record<string, string | string[] | undefined>>

const SHAPES: Partial<Record<RequestFilter, RegExp>> = {
  ...{ team_id: /^team_[1-9]\d*$/, key_id: /^key_[1-9]\d*$/, user_id: /^user_[1-9]\d*$/ },
  ...{ status: /^(completed|failed|cancelled)$/, cost_grade: /^(reported|computed|estimated|unpriced)$/ },
  ...{ cache: /^(off|miss|hit)$/, errors: /^true$/ },
  ...{ min_cost_usd: /^\d{1,9}(\.\d{1,9})?$/, min_latency_ms: /^\d{1,8}$/ },
}

/** Reads an address. What makes no sense is left out. */
export function readRequests(params: Params): RequestChoice {
  const one = (name: RequestFilter) => {
    const text = ([params[name]].flat()[0] ?? '').trim().slice(0, 200)
    return (SHAPES[name]?.test(text) ?? true) ? text : ''
  }
  return Object.fromEntries(REQUEST_FILTERS.map((name) => [name, one(name as RequestFilter)])) as RequestChoice
}

/** The question for the server: what is set. */
export function requestsQuestion(chosen: RequestChoice, days: Days): Asked {
  const set = {
    ...{ teamId: chosen.team_id, keyId: chosen.key_id, userId: chosen.user_id, model: chosen.model },
    ...{ backend: chosen.backend, status: chosen.status, costGrade: chosen.cost_grade, cache: chosen.cache },
    ...{ errors: chosen.errors, minCostUsd: chosen.min_cost_usd, minLatencyMs: Number(chosen.min_latency_ms) || '' },
  }
  return { ...days, ...Object.fromEntries(Object.entries(set).filter(([, value]) => value !== '')) } as Asked
}

/** The address of the calls of something, of the usual days unless told otherwise. */
export function requestsOf(filters: Partial<RequestChoice>, more: Record<string, string> = {}): string {
  const set = Object.entries({ ...filters, ...more }).filter(([, value]) => value !== '')
  return set.length === 0 ? '/requests' : `/requests?${new URLSearchParams(set as [string, string][])}`
}
