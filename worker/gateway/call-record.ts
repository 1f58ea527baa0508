import type { CostGrade, TokenStatus } from '../../db/schema/tokens.ts'
import type { PriceId } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { batchSizeOf } from '../metrics/batch-size.ts'
import { storableText } from '../storable-text.ts'
import type { Learned } from './backends/backend.ts'
import { backendOf } from './backends/index.ts'
import type { Call } from './call.ts'
import type { GatewayCaller } from './caller.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import type { Attempt, CallRecord, Most } from './meter/messages.ts'
import { UNSETTLED } from './meter/write-calls.ts'
import type { Served } from './snapshot.ts'
import { NO_COUNTS, type TokenCounts } from './tokens/counts.ts'

/** Parameters are for looking up what was asked, not a second copy of it. */
const MOST_PARAMETERS = 4_000

/** Everything about the end of a call that is not in the call itself. */
export type EndedCall = {
  status: TokenStatus
  httpStatus: number
  errorCode: string
  errorMessage: string
  /** Who answered, or was asked last; null: nobody was. */
  by: Served | null
  learned: Learned | null
  counts: TokenCounts
  cost: {
    costNanoUsd: NanoUsd | null
    grade: CostGrade
    computedNanoUsd: NanoUsd | null
    priceId: PriceId | null
  }
  timeToFirstTokenMs: number | null
  attempts: Attempt[]
}

type Begun = {
  id: string
  endpoint: Endpoint
  caller: GatewayCaller
  body: Readonly<Record<string, unknown>>
  model: string
  isStream: boolean
  startedAtMs: EpochMs
  most: Most
}

/** What a call is if nobody ever says how it ended: cut off, its input estimated. */
export function draftOf({ id, endpoint, caller, body, model, isStream, startedAtMs, most }: Begun): CallRecord {
  const { keyId, teamId, userId } = caller
  const hasPrice = most.outputNanoUsdPerMillion !== null
  return {
    ...{ id, startedAtMs, endedAtMs: null, endpoint: endpoint.name, keyId, teamId, userId },
    endUser: typeof body.user === 'string' ? storableText(body.user.slice(0, 200)) : '',
    ...{ modelAsked: model, model, backendId: null, backend: '', provider: '', isStream },
    ...{ status: 'cancelled', httpStatus: null, errorCode: UNSETTLED },
    errorMessage: 'Nobody heard the end of this call',
    ...NO_COUNTS,
    inputTokens: most.inputTokens,
    costNanoUsd: hasPrice ? String(Math.round(most.inputNanoUsd)) : null,
    costGrade: hasPrice ? 'estimated' : 'unpriced',
    ...{ computedCostNanoUsd: null, priceId: null, serviceTier: '', latencyMs: null, timeToFirstTokenMs: null },
    ...{ retryCount: 0, cache: 'off', savedNanoUsd: '0', parametersJson: parametersOf(endpoint, body), bodyJson: null },
    batchSize: endpoint.name === 'embeddings' ? batchSizeOf(body.input) : 1,
  }
}

/** The call as it ended. */
export function recordOf({ draft, asking, startedAtMs }: Call, ended: EndedCall): CallRecord {
  const { status, httpStatus, errorCode, errorMessage, by, learned, counts, cost, attempts } = ended
  const endedAtMs = asking.now()
  return {
    ...draft,
    ...{
      endedAtMs,
      status,
      httpStatus,
      errorCode: storableText(errorCode.slice(0, 200)),
      errorMessage: storableText(errorMessage.slice(0, 2_000)),
    },
    model: storableText((learned?.model ?? '').slice(0, 200)) || by?.upstreamModel || draft.model,
    ...{ backendId: by?.backend.rowId ?? null, backend: by?.backend.name ?? '' },
    provider: by ? (backendOf(by.backend.kind)?.providerOf(by.backend) ?? '') : '',
    ...counts,
    costNanoUsd: cost.costNanoUsd === null ? null : String(cost.costNanoUsd),
    costGrade: cost.grade,
    computedCostNanoUsd: cost.computedNanoUsd === null ? null : String(cost.computedNanoUsd),
    priceId: cost.priceId,
    serviceTier: storableText((learned?.serviceTier ?? '').slice(0, 50)),
    latencyMs: endedAtMs - startedAtMs,
    timeToFirstTokenMs: ended.timeToFirstTokenMs,
    retryCount: Math.max(0, attempts.length - 1),
  }
}

function parametersOf({ words }: Endpoint, body: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(body).filter(([name]) => !words.includes(name) && name !== 'model')
  const text = JSON.stringify(Object.fromEntries(told))
  return text.length <= MOST_PARAMETERS ? text : '{}'
}
