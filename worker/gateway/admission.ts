import type { Asking } from '../asking.ts'
import { backendOf } from './backends/index.ts'
import type { GatewayCaller } from './caller.ts'
import { type Endpoint, estimateTokens, wholeIn } from './endpoints/endpoint.ts'
import type { Admission, CallRecord, Most } from './meter/messages.ts'
import { bookPrice } from './pricing/book-price.ts'
import { ratesFor } from './pricing/cost.ts'
import type { Served, ServedModel, Snapshot } from './snapshot.ts'

/** Output of each answer of a call that says no limit, where nobody knows better. */
const DEFAULT_OUTPUT_TOKENS = 4_096

/** What the call may use and cost at most: the dearest of its backends. */
export async function mostOf(
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
  const choices = endpoint.choices(body)
  const outputTokens = known?.outputTokens ?? asked ?? DEFAULT_OUTPUT_TOKENS * choices
  const most: Most = {
    ...{ inputTokens, outputTokens, isAsked: known !== undefined || asked !== null },
    ...{ inputNanoUsd: 0, outputNanoUsdPerMillion: null, choices: known ? 1 : choices },
    mustSay: known === undefined && isUnread(endpoint, by, body),
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

/** Whether the body's only limit is one that some backend does not read, see `Backend.limit`. */
function isUnread({ name }: Endpoint, by: readonly Served[], body: Readonly<Record<string, unknown>>): boolean {
  if (name !== 'chat.completions' || wholeIn(body.max_completion_tokens) === null) return false
  return (
    wholeIn(body.max_tokens) === null &&
    by.some(({ backend }) => backendOf(backend.kind)?.limit?.(backend) === 'max_tokens')
  )
}

/** What the meter is asked before the call is made. */
export function admissionOf({ asking, snapshot, caller, served, draft, most, body }: Asked): Admission {
  const { rpm, tpm } = caller
  const { by, strategy, isSessionAffine } = served
  const session = asking.request.headers.get('x-heliox-session') ?? (typeof body.user === 'string' ? body.user : null)
  return {
    ...{ version: snapshot.version, draft, rpm, tpm, most, strategy },
    expiresAtMs: draft.startedAtMs + asking.settings.longestCallMs,
    candidates: by.map(({ backend: { id, priority, weight, maxConcurrency } }) => ({
      ...{ id, priority, weight, maxConcurrency },
    })),
    affinity: isSessionAffine ? session : null,
  }
}

type Asked = {
  asking: Pick<Asking, 'request' | 'settings'>
  snapshot: Snapshot
  caller: GatewayCaller
  served: ServedModel
  draft: CallRecord
  most: Most
  body: Readonly<Record<string, unknown>>
}
