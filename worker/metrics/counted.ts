/** Upper edges in seconds. Heliox's own answers: the alert on slow ones needs 0.1. */
const ANSWER_EDGES = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
/** Models take from a tenth of a second to minutes. */
const INFERENCE_EDGES = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300]
const DATABASE_EDGES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** A metric whose cells are in the database. */
export type Counted = {
  readonly type: 'counter' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  /** Of a histogram: upper edges in seconds, ascending, without +Inf. */
  readonly edges?: readonly number[]
  /** What a counter's value is: how often (1), or the sum of what was added, of which so many are one. */
  readonly sumsPer?: number
  /** Served only to who sends METRICS_TOKEN. */
  readonly isMoney?: true
  /** Label values that are served as 0 before they have happened, so that their first time is a rise. */
  readonly from0?: readonly (readonly string[])[]
}

const NANO = 1_000_000_000

/** Every metric that is counted into cells. The first four are documented names: they and their labels stay. */
export const COUNTED = {
  api_requests_total: {
    type: 'counter',
    help: 'Requests answered, by the pattern of their route. Calls of models count once they have ended.',
    labels: ['method', 'endpoint', 'status'],
  },
  api_request_duration_seconds: {
    type: 'histogram',
    help: 'From a request to its answer; of calls of models, to the end of their answer.',
    labels: ['method', 'endpoint'],
    edges: ANSWER_EDGES,
  },
  model_inference_seconds: {
    type: 'histogram',
    help: 'Completed calls of a model from request to end of answer, by inputs in the call, rounded up to a power of two.',
    labels: ['model', 'batch_size'],
    edges: INFERENCE_EDGES,
  },
  heliox_backend_calls_total: {
    type: 'counter',
    help: 'Ended calls of models by the backend that answered or was asked last (none: none was) and by outcome.',
    labels: ['backend', 'outcome'],
  },
  heliox_tokens_total: {
    type: 'counter',
    help: 'Tokens of ended calls. The kinds are disjoint.',
    labels: ['model', 'kind'],
    sumsPer: 1,
  },
  heliox_model_cost_usd_total: {
    type: 'counter',
    help: 'Cost of ended calls whose price is known.',
    labels: ['model'],
    ...{ sumsPer: NANO, isMoney: true },
  },
  heliox_gateway_answer_store_total: {
    type: 'counter',
    help: 'Calls of teams that keep answers: answered from the store (hit) or by a model (miss).',
    labels: ['result'],
    from0: [['hit'], ['miss']],
  },
  heliox_gateway_refusals_total: {
    type: 'counter',
    help: 'Calls that the meter did not let through: over a budget, over a limit of requests or tokens a minute, no backend well or free.',
    labels: ['reason'],
    from0: [['budget'], ['requests'], ['tokens'], ['backends']],
  },
  heliox_analytics_cache_requests_total: {
    type: 'counter',
    help: 'Questions to analytics: answered from memory or a location’s cache (hit), made anew (miss), held by the client (not_modified).',
    labels: ['result'],
    from0: [['hit'], ['miss'], ['not_modified']],
  },
  heliox_database_seconds: {
    type: 'histogram',
    help: 'Round trips to the database as requests saw them: one statement, a batch of them, or the begin of a transaction.',
    labels: ['operation'],
    edges: DATABASE_EDGES,
  },
} as const satisfies Record<string, Counted>

export type CountedName = keyof typeof COUNTED

/** What is added to one cell. `sum` in the unit of the metric: microseconds for a histogram. */
export type Cell = { name: CountedName; labels: string; bucket: string; count: number; sum: bigint }

/** A happening of a counter, or a sum of what it counts. */
export function counterCell(name: CountedName, labels: readonly string[], sum = 0n): Cell {
  return { name, labels: JSON.stringify(labels), bucket: '', count: 1, sum }
}

/** One observation of a histogram, which took so many milliseconds. */
export function observedCell(name: CountedName, labels: readonly string[], ms: number): Cell {
  const { edges = [] }: Counted = COUNTED[name]
  const edge = edges.find((one) => ms <= one * 1000)
  const micros = BigInt(Math.max(0, Math.round(ms * 1000)))
  return {
    name,
    labels: JSON.stringify(labels),
    bucket: edge === undefined ? INF : String(edge),
    count: 1,
    sum: micros,
  }
}

export const INF = '+Inf'
