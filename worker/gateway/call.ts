import { rowOf } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import type { EpochMs } from '../../db/units/time.ts'
import type { Asking } from '../asking.ts'
import { rootCause } from '../errors.ts'
import { countsOf } from '../metrics/isolate-counts.ts'
import { admissionOf, mostOf } from './admission.ts'
import { costComment, helioxHeaders, limitHeaders, refusalOf, withComment, withHeaders } from './answer-headers.ts'
import { askBackends } from './ask-backends.ts'
import type { Ask } from './backends/backend.ts'
import { backendOf } from './backends/index.ts'
import { readCallBody } from './call-body.ts'
import { refuseUnclearSize } from './call-numbers.ts'
import { draftOf, type EndedCall, recordOf } from './call-record.ts'
import { callerOf, type GatewayCaller } from './caller.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { Heard } from './heard.ts'
import type { Admitted, Attempt, CallRecord, Most } from './meter/messages.ts'
import type { MeterHandle } from './meter/meter-of.ts'
import { HOUR_MS } from './meter/refusals.ts'
import { OpenAiError, openAiErrorOf } from './openai-error.ts'
import { type Served, type ServedModel, type Snapshot, snapshotOf, type TeamRules } from './snapshot.ts'
import { type Question, questionOf, streamOf } from './stored-answers.ts'
import { NO_COUNTS } from './tokens/counts.ts'

/** A request of the gateway: what any request has, and the meter. */
export type GatewayAsking = Asking & {
  meter: MeterHandle
  bindings: object
  /** The meter has let the call through and will count it; else the wire does. */
  isMetered?: boolean
}

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
  /** Whether a budget has set its limit of output. */
  capped: Ask['capped']
  model: string
  served: ServedModel
  isStream: boolean
  startedAtMs: EpochMs
  draft: CallRecord
  /** What the team wants kept of it; null: nothing. */
  heard: Heard | null
}

/**
 * Answers one call of a model: let through by the meter, asked of one backend after the other, metered when it has ended,
 * whatever its end.
 *
 * @throws OpenAiError for every refusal, in OpenAI's words; HelioxError of credentials
 */
export async function answerCall(asking: GatewayAsking, endpoint: Endpoint, id: string): Promise<Response> {
  const startedAtMs = asking.now()
  const snapshot = await snapshotOf(asking)
  const caller = await callerOf(asking, snapshot, 'inference')
  const asked: Asked = { ...{ id, endpoint, caller, startedAtMs }, model: '', budgetId: null }
  const { call, stored, admitted } = await letThrough(asking, snapshot, asked).catch((error: unknown) => {
    if (error instanceof OpenAiError) noteRefusal(asking, asked, error)
    throw error
  })
  return stored === null ? answerAdmitted(call, admitted) : answerStored(call, stored, admitted)
}

/** What is known of a call when it is refused; `model` and `budgetId` are filled in on the way. */
type Asked = Pick<Call, 'id' | 'endpoint' | 'caller' | 'startedAtMs'> & { model: string; budgetId: string | null }

/** A call that the meter let through; `stored`: the answer that is at hand. */
type LetThrough = { call: Call; stored: string | null; admitted: Admitted & { is: 'admitted' } }

/** @throws OpenAiError for every call that no backend is asked for */
async function letThrough(asking: GatewayAsking, known: Snapshot, asked: Asked): Promise<LetThrough> {
  const { id, endpoint, caller, startedAtMs } = asked
  let snapshot = known
  const { body, raw } = await readCallBody(asking.request)
  const model = modelIn(body)
  asked.model = model
  refuseUnclearSize(body)
  const isStream = body.stream === true
  if (isStream && !endpoint.canStream) throw invalid('stream', `/v1${endpoint.path} does not stream`)
  for (let turn = 0; ; turn += 1) {
    const served = servedModel(snapshot, endpoint, caller, model)
    const rules = snapshot.rulesOf(caller.teamId)
    const store = { teamId: caller.teamId, ttlSeconds: rules.cacheTtlSeconds, endpoint, served, body }
    const question = await questionOf(asking, store)
    const stored = question?.answer ?? null
    const most = stored ? NOTHING : await mostOf(asking, snapshot, endpoint, served, body)
    const draft = draftOf({ id, endpoint, caller, body, model, isStream, startedAtMs, most })
    if (question) draft.cache = stored ? 'hit' : 'miss'
    if (stored) draft.savedNanoUsd = String(stored.costNanoUsd ?? 0n)
    const admission = admissionOf({ asking, snapshot, caller, served, draft, most, body })
    const admitted = await asking.meter.admit({ ...admission, isStored: stored !== null }, asking.outlive)
    if (admitted.is === 'stale' && turn < MOST_STALE) {
      snapshot = await snapshotOf(asking, admitted.version)
      continue
    }
    if (admitted.is === 'over budget')
      asked.budgetId = rowOf('bdgt', admitted.budgetId) === null ? null : admitted.budgetId
    if (admitted.is !== 'admitted') {
      countRefusal(asking, admitted)
      throw refusalOf(admitted)
    }
    asking.isMetered = true
    const call: Call = {
      ...{ id, asking, endpoint, caller, snapshot, model, served, isStream, startedAtMs, draft },
      heard: heardOf(rules, body, question, admitted.outputCap !== null),
      ...cappedAt(admitted.outputCap, endpoint, body, raw),
    }
    return { call, stored: stored?.text ?? null, admitted }
  }
}

/** Counts a refused call with others of its kind; it has no row of its own, so that a flood of them stays cheap. */
function noteRefusal({ meter, log, outlive }: GatewayAsking, asked: Asked, { code, message }: OpenAiError): void {
  const { id, caller, model, budgetId, startedAtMs: atMs } = asked
  const { keyId, teamId, userId } = caller
  const told = meter.refused({
    ...{ hourMs: atMs - (atMs % HOUR_MS), keyId, teamId, userId, model, code: code ?? 'invalid_request', budgetId },
    ...{ count: 1, firstAtMs: atMs, lastAtMs: atMs, lastRequestId: id, lastMessage: message.slice(0, 500) },
  })
  outlive(
    told.catch((error: unknown) => {
      log.warn('a refused call was not counted yet', { call: id, error: String(rootCause(error)) })
    }),
  )
}

/** The call as it is asked where a budget says how much may come back; see `Ask.capped`. */
function cappedAt(
  outputCap: number | null,
  endpoint: Endpoint,
  body: Call['body'],
  raw: string,
): Pick<Call, 'body' | 'raw' | 'capped'> {
  if (outputCap === null) return { body, raw, capped: null }
  const capped = endpoint.mostOutput(body) === null ? 'added' : 'lowered'
  return { body: endpoint.withMostOutput(body, outputCap), raw: null, capped }
}

/** Why the meter let a call not through, for /metrics. */
function countRefusal(asking: GatewayAsking, admitted: Exclude<Admitted, { is: 'admitted' }>): void {
  if (admitted.is === 'stale') return
  const reason = admitted.is === 'over budget' ? 'budget' : admitted.is === 'limited' ? admitted.by : 'backends'
  countsOf(asking).count('heliox_gateway_refusals_total', [reason])
}

const NOTHING: Most = { inputTokens: 0, outputTokens: 0, isAsked: true, inputNanoUsd: 0, outputNanoUsdPerMillion: 0 }

function heardOf(rules: TeamRules, body: Call['body'], question: Question | null, isCapped: boolean): Heard | null {
  return rules.keepsBodies || question ? new Heard(rules, body, question, isCapped) : null
}

/** The team's own answer to the same question: nobody is asked and nothing is used. */
function answerStored(call: Call, text: string, admitted: Admitted & { is: 'admitted' }): Response {
  call.heard?.whole(text)
  const { model } = JSON.parse(text) as { model?: unknown }
  const counts = { ...NO_COUNTS, inputTokens: 0, outputTokens: 0 }
  const record = settle(call, {
    ...{ status: 'completed', httpStatus: 200, errorCode: '', errorMessage: '', by: null, attempts: [], counts },
    learned: { usage: null, model: typeof model === 'string' ? model : null, serviceTier: null },
    cost: { costNanoUsd: 0n as NanoUsd, grade: 'computed', computedNanoUsd: null, priceId: null },
    timeToFirstTokenMs: null,
  })
  const headers = { ...helioxHeaders(call, { ...record, backend: 'store' }), ...limitHeaders(admitted) }
  if (!call.isStream) return new Response(text, { headers: { ...headers, 'content-type': 'application/json' } })
  const options = call.body.stream_options as { include_usage?: unknown } | undefined
  const sse = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }
  const said = withComment(streamOf(text, options?.include_usage === true), costComment(call, record))
  return new Response(said, { headers: { ...headers, ...sse } })
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
    const failed = refusal instanceof BackendsFailed ? refusal : null
    if (!refusal)
      call.asking.log.error('a call of the gateway failed inside', {
        ...{ call: call.id, error: String(rootCause(error)), stack: (error as Error).stack ?? '' },
      })
    const record = settle(call, {
      attempts: failed?.attempts ?? [],
      ...(failed?.ended ?? failedBy(refusal, call.draft)),
    })
    throw withHeaders(refusal ?? openAiErrorOf(error), { ...limits, ...helioxHeaders(call, record) })
  }
}

/** No backend gave an answer; what each of them did. */
export class BackendsFailed extends OpenAiError {
  readonly attempts: Attempt[]
  readonly last: Served | null
  /** What it came to where a backend had worked for it; null: nobody did, and it is free. */
  readonly ended: Omit<EndedCall, 'attempts'> | null

  constructor(
    error: OpenAiError,
    attempts: Attempt[],
    last: Served | null,
    ended: Omit<EndedCall, 'attempts'> | null = null,
  ) {
    super(error.status, error.code, error.message, { type: error.type, param: error.param, headers: error.headers })
    this.attempts = attempts
    this.last = last
    this.ended = ended
  }
}

/** A fault of our own may have come after a backend's work: then the estimate of the draft stands, not $0. */
function failedBy(refusal: OpenAiError | null, draft: CallRecord): Omit<EndedCall, 'attempts'> {
  const drafted = draft.costNanoUsd === null ? null : (BigInt(draft.costNanoUsd) as NanoUsd)
  return {
    ...{ status: 'failed', httpStatus: refusal?.status ?? 500, errorCode: codeOf(refusal) },
    errorMessage: refusal?.message ?? 'Something went wrong inside the gateway',
    ...{ by: refusal instanceof BackendsFailed ? refusal.last : null, learned: null },
    counts: refusal ? NO_COUNTS : { ...NO_COUNTS, inputTokens: draft.inputTokens },
    cost: {
      ...(refusal
        ? { costNanoUsd: 0n as NanoUsd, grade: 'computed' }
        : { costNanoUsd: drafted, grade: draft.costGrade }),
      ...{ computedNanoUsd: null, priceId: null },
    },
    timeToFirstTokenMs: null,
  }
}

/** A backend's refusal without a code of its own is still the backend's. */
function codeOf(refusal: OpenAiError | null): string {
  if (!refusal) return 'internal_error'
  return (
    refusal.code ?? (refusal instanceof BackendsFailed && refusal.attempts.length > 0 ? 'upstream_error' : refusal.type)
  )
}

/** Hands the end of a call to the meter. It outlives the answer; what the meter cannot take is in the log. */
export function settle(call: Call, ended: EndedCall): CallRecord {
  const { asking, heard } = call
  const record = { ...recordOf(call, ended), bodyJson: heard?.bodyJson() ?? null }
  if (heard)
    asking.outlive(
      heard.keep(asking, record).catch((error: unknown) => {
        asking.log.warn('an answer could not be kept', { call: record.id, error: String(rootCause(error)) })
      }),
    )
  asking.outlive(
    asking.meter.settle({ record, attempts: ended.attempts }).catch((error: unknown) => {
      asking.log.error('the end of a call did not reach the meter, which will count it as cut off', {
        ...{ call: record.id, error: String(rootCause(error)) },
      })
    }),
  )
  return record
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
