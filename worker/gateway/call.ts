import { type NanoUsd, usdText } from '../../db/units/money.ts'
import { dayOf, type EpochMs } from '../../db/units/time.ts'
import type { Asking } from '../asking.ts'
import { rootCause } from '../errors.ts'
import { askBackends } from './ask-backends.ts'
import { backendOf } from './backends/index.ts'
import { readCallBody } from './call-body.ts'
import { draftOf, type EndedCall, recordOf } from './call-record.ts'
import { callerOf, type GatewayCaller } from './caller.ts'
import { type Endpoint, estimateTokens } from './endpoints/endpoint.ts'
import type { Admission, Admitted, Attempt, CallRecord, Most, RateStanding } from './meter/messages.ts'
import type { MeterHandle } from './meter/meter-of.ts'
import { OpenAiError } from './openai-error.ts'
import { priceIn } from './pricing/book.ts'
import { costOf, ratesFor } from './pricing/cost.ts'
import type { ModelPrice } from './pricing/price.ts'
import { type Served, type ServedModel, type Snapshot, snapshotOf } from './snapshot.ts'
import { NO_COUNTS, type TokenCounts } from './tokens/counts.ts'

/** A request of the gateway: what any request has, and the meter. */
export type GatewayAsking = Asking & { meter: MeterHandle; bindings: object }

/** One call on its way: who asks what of whom, and since when. */
export type Call = {
  id: string
  asking: GatewayAsking
  endpoint: Endpoint
  caller: GatewayCaller
  snapshot: Snapshot
  body: Readonly<Record<string, unknown>>
  /** The client's bytes; null once something had to be changed. */
  raw: string | null
  model: string
  served: ServedModel
  isStream: boolean
  startedAtMs: EpochMs
  draft: CallRecord
}

/** Longest that any call lasts; who has not ended by then counts as cut off. */
const LONGEST_CALL_MS = 15 * 60_000
/** Output of a call that says no limit, where nobody knows better. */
const DEFAULT_OUTPUT_TOKENS = 4_096

/**
 * Answers one call of a model: let through by the meter, asked of one backend after the other, metered when it has ended,
 * whatever its end.
 *
 * @throws OpenAiError for every refusal, in OpenAI's words; HelioxError of credentials
 */
export async function answerCall(asking: GatewayAsking, endpoint: Endpoint, id: string): Promise<Response> {
  const startedAtMs = asking.now()
  let snapshot = await snapshotOf(asking)
  const caller = await callerOf(asking, snapshot, 'inference')
  const { body, raw } = await readCallBody(asking.request)
  const model = modelIn(body)
  const isStream = body.stream === true
  if (isStream && !endpoint.canStream) throw invalid('stream', `/v1${endpoint.path} does not stream`)
  for (let turn = 0; ; turn += 1) {
    const served = servedModel(snapshot, endpoint, caller, model)
    const most = await mostOf(asking, snapshot, endpoint, served, body)
    const draft = draftOf({ id, endpoint, caller, body, model, isStream, startedAtMs, most })
    const admitted = await asking.meter.admit(admissionOf(snapshot, caller, served, draft, most, body, asking.request))
    if (admitted.is === 'stale' && turn < MOST_STALE) {
      snapshot = await snapshotOf(asking, admitted.version)
      continue
    }
    if (admitted.is !== 'admitted') throw refusalOf(admitted)
    const call: Call = {
      ...{ id, asking, endpoint, caller, snapshot, model, served, isStream, startedAtMs, draft },
      ...(admitted.outputCap === null
        ? { body, raw }
        : { body: endpoint.withMostOutput(body, admitted.outputCap), raw: null }),
    }
    return answerAdmitted(call, admitted)
  }
}

/** How often settings may change between reading them and the meter's look at them. */
const MOST_STALE = 3

async function answerAdmitted(call: Call, admitted: Admitted & { is: 'admitted' }): Promise<Response> {
  const limits = limitHeaders(admitted)
  try {
    const response = await askBackends(call, admitted.order)
    for (const [name, value] of Object.entries(limits)) response.headers.set(name, value)
    return response
  } catch (error) {
    const refusal = error instanceof OpenAiError ? error : null
    if (!refusal) call.asking.log.error('a call of the gateway failed inside', { error: String(rootCause(error)) })
    settle(call, { attempts: refusal instanceof BackendsFailed ? refusal.attempts : [], ...failedBy(refusal) })
    throw refusal ? withHeaders(refusal, limits) : error
  }
}

/** No backend gave an answer; what each of them did. */
export class BackendsFailed extends OpenAiError {
  readonly attempts: Attempt[]
  readonly last: Served | null

  constructor(error: OpenAiError, attempts: Attempt[], last: Served | null) {
    super(error.status, error.code, error.message, { type: error.type, param: error.param, headers: error.headers })
    this.attempts = attempts
    this.last = last
  }
}

function failedBy(refusal: OpenAiError | null): Omit<EndedCall, 'attempts'> {
  return {
    ...{ status: 'failed', httpStatus: refusal?.status ?? 500, errorCode: refusal?.code ?? 'internal_error' },
    errorMessage: refusal?.message ?? 'Something went wrong inside the gateway',
    ...{ by: refusal instanceof BackendsFailed ? refusal.last : null, learned: null, counts: NO_COUNTS },
    ...{ cost: { costNanoUsd: 0n as NanoUsd, grade: 'computed', computedNanoUsd: null, priceId: null } },
    timeToFirstTokenMs: null,
  }
}

/** Hands the end of a call to the meter. It outlives the answer; what the meter cannot take is in the log. */
export function settle(call: Call, ended: EndedCall): CallRecord {
  const record = recordOf(call, ended)
  const { asking } = call
  asking.outlive(
    asking.meter.settle({ record, attempts: ended.attempts }).catch((error: unknown) => {
      asking.log.error('the end of a call did not reach the meter, which will count it as cut off', {
        ...{ call: record.id, error: String(rootCause(error)) },
      })
    }),
  )
  return record
}

/** What tokens of a call cost: as the provider reported, else by the price book, else nobody knows. */
export async function priced(
  { asking, snapshot, startedAtMs, model }: Call,
  { backend, upstreamModel }: Served,
  counts: TokenCounts,
  tier: string | null,
  isEstimate: boolean,
): Promise<{ costNanoUsd: NanoUsd | null; grade: 'computed' | 'estimated' | 'unpriced'; price: ModelPrice | null }> {
  const price = await bookPrice(asking, snapshot, { backend, upstreamModel }, model, startedAtMs)
  const cost = price && costOf(counts, price, tier)
  if (cost === null) return { costNanoUsd: null, grade: 'unpriced', price: null }
  return { costNanoUsd: cost, grade: isEstimate ? 'estimated' : 'computed', price }
}

/** The price of what is served, see `priceIn`. */
async function bookPrice(
  { db }: Pick<Asking, 'db'>,
  snapshot: Snapshot,
  { backend, upstreamModel }: Served,
  model: string,
  atMs: EpochMs,
): Promise<ModelPrice | null> {
  const provider = backendOf(backend.kind)?.providerOf(backend) ?? ''
  return priceIn((name) => snapshot.pricesOf(db, name), { provider, upstreamModel, asked: model }, dayOf(atMs))
}

function modelIn({ model }: Readonly<Record<string, unknown>>): string {
  if (typeof model === 'string' && model !== '' && model.length <= 200) return model
  throw invalid('model', 'you must provide a model parameter')
}

export function invalid(param: string | null, message: string): OpenAiError {
  return new OpenAiError(400, null, message, { param })
}

/** Backends that serve the model at this endpoint. A model that the key may not ask is not there. */
function servedModel(snapshot: Snapshot, { name }: Endpoint, caller: GatewayCaller, model: string): ServedModel {
  const served = caller.models === null || caller.models.includes(model) ? snapshot.models.get(model) : undefined
  if (!served) {
    const message = `The model '${model}' does not exist or you do not have access to it.`
    throw new OpenAiError(404, 'model_not_found', message, { param: 'model' })
  }
  const by = served.by.filter(({ backend }) => backendOf(backend.kind)?.serves.includes(name))
  if (by.length > 0) return { ...served, by }
  throw new OpenAiError(404, 'model_not_found', `The model '${model}' is not served at this endpoint.`, {
    param: 'model',
  })
}

/** What the call may use and cost at most: the dearest of its backends. */
async function mostOf(
  asking: Asking,
  snapshot: Snapshot,
  endpoint: Endpoint,
  { by }: ServedModel,
  body: Readonly<Record<string, unknown>>,
): Promise<Most> {
  const exact = by.length === 1 ? backendOf((by[0] as Served).backend.kind)?.mostOutput : undefined
  const known = exact?.({ body, endpoint: endpoint.name })
  const asked = endpoint.mostOutput(body)
  const inputTokens = known?.inputTokens ?? estimateTokens(endpoint.inputOf(body))
  const outputTokens = known?.outputTokens ?? asked ?? DEFAULT_OUTPUT_TOKENS
  const most: Most = {
    ...{ inputTokens, outputTokens, isAsked: known !== undefined || asked !== null },
    ...{ inputNanoUsd: 0, outputNanoUsdPerMillion: null },
  }
  const tier = typeof body.service_tier === 'string' ? body.service_tier : null
  for (const served of by) {
    const price = await bookPrice(asking, snapshot, served, String(body.model), asking.now())
    if (!price) continue
    const rates = ratesFor(price, tier, inputTokens)
    const perMillion = (rate: { digits: bigint; scale: number } | undefined) =>
      rate ? (Number(rate.digits) / 10 ** rate.scale) * 1e9 : 0
    most.inputNanoUsd = Math.max(most.inputNanoUsd, (perMillion(rates.input) * inputTokens) / 1e6)
    const output = Math.max(perMillion(rates.output), rates.reasoning ? perMillion(rates.reasoning) : 0)
    most.outputNanoUsdPerMillion = Math.max(most.outputNanoUsdPerMillion ?? 0, output)
  }
  return most
}

function admissionOf(
  snapshot: Snapshot,
  { rpm, tpm }: GatewayCaller,
  { by, strategy, isSessionAffine }: ServedModel,
  draft: CallRecord,
  most: Most,
  body: Readonly<Record<string, unknown>>,
  request: Request,
): Admission {
  const session = request.headers.get('x-heliox-session') ?? (typeof body.user === 'string' ? body.user : null)
  return {
    ...{ version: snapshot.version, draft, rpm, tpm, most, strategy },
    expiresAtMs: draft.startedAtMs + LONGEST_CALL_MS,
    candidates: by.map(({ backend: { id, priority, weight, maxConcurrency } }) => ({
      ...{ id, priority, weight, maxConcurrency },
    })),
    affinity: isSessionAffine ? session : null,
  }
}

function refusalOf(admitted: Exclude<Admitted, { is: 'admitted' }>): OpenAiError {
  if (admitted.is === 'limited') {
    const { standing, by } = admitted
    const headers = { 'retry-after': String(Math.ceil(standing.resetMs / 1000)), ...standingHeaders(by, standing) }
    const message = `Rate limit reached: ${standing.limit} ${by} a minute. Try again in ${Math.ceil(standing.resetMs / 1000)} s.`
    return new OpenAiError(429, 'rate_limit_exceeded', message, { type: by, headers })
  }
  if (admitted.is === 'over budget') {
    const message = `You exceeded the budget ${admitted.budget}. It begins again at ${new Date(admitted.resetAtMs).toISOString()}.`
    return new OpenAiError(429, 'insufficient_quota', message, { type: 'insufficient_quota' })
  }
  if (admitted.is === 'unserved')
    return new OpenAiError(
      503,
      admitted.isFull ? 'backend_full' : 'backend_unavailable',
      admitted.isFull ? 'All backends of this model are at their limit of calls' : 'No backend of this model is well',
      { headers: { 'retry-after': '5' } },
    )
  return new OpenAiError(503, 'service_unavailable', 'The settings of the gateway are changing: try again')
}

function limitHeaders({ requests, tokens }: Admitted & { is: 'admitted' }): Record<string, string> {
  return {
    ...(requests ? standingHeaders('requests', requests) : {}),
    ...(tokens ? standingHeaders('tokens', tokens) : {}),
  }
}

function standingHeaders(
  of: 'requests' | 'tokens',
  { limit, remaining, resetMs }: RateStanding,
): Record<string, string> {
  return {
    [`x-ratelimit-limit-${of}`]: String(limit),
    [`x-ratelimit-remaining-${of}`]: String(remaining),
    [`x-ratelimit-reset-${of}`]: `${Math.ceil(resetMs / 1000)}s`,
  }
}

function withHeaders(error: OpenAiError, headers: Record<string, string>): OpenAiError {
  const { status, code, message, type, param } = error
  return new OpenAiError(status, code, message, { type, param, headers: { ...headers, ...error.headers } })
}

/** What stands beside every answer unless its team turned it off. */
export function helioxHeaders(
  { snapshot, caller }: Call,
  record: Pick<CallRecord, 'backend' | 'cache' | 'costNanoUsd'> & { isStream?: boolean },
): Record<string, string> {
  if (!snapshot.rulesOf(caller.teamId).saysCost) return {}
  const { backend, cache, costNanoUsd } = record
  const cost =
    costNanoUsd === null || record.isStream ? {} : { 'x-heliox-cost-usd': usdText(BigInt(costNanoUsd) as NanoUsd) }
  return { 'x-heliox-backend': headerText(backend), 'x-heliox-cache': cache, ...cost }
}

/** A header holds neither line breaks nor letters beyond Latin. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}
