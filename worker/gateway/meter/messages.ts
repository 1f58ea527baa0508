import type { AnswerCacheState } from '../../../db/schema/requests.ts'
import type { CostGrade, TokenStatus } from '../../../db/schema/tokens.ts'
import type { BackendId, KeyId, PriceId, TeamId, UserId } from '../../../db/units/ids.ts'
import type { TokenCounts } from '../tokens/counts.ts'

/** A backend's own id, or the one that every local run has. */
export type BackendRef = BackendId | 'echo'

/** Who calls what: what budgets and limits go by. */
export type Caller = {
  keyId: KeyId | null
  teamId: TeamId | null
  userId: UserId | null
}

/** A call as it will stand in `requests`. Everything is JSON: money is text of nano-dollars. */
export type CallRecord = Caller &
  TokenCounts & {
    id: string
    startedAtMs: number
    endedAtMs: number | null
    endpoint: string
    endUser: string
    modelAsked: string
    model: string
    backendId: BackendId | null
    backend: string
    provider: string
    isStream: boolean
    status: TokenStatus
    httpStatus: number | null
    errorCode: string
    errorMessage: string
    costNanoUsd: string | null
    costGrade: CostGrade
    computedCostNanoUsd: string | null
    priceId: PriceId | null
    serviceTier: string
    latencyMs: number | null
    timeToFirstTokenMs: number | null
    retryCount: number
    cache: AnswerCacheState
    savedNanoUsd: string
    parametersJson: string
    bodyJson: string | null
    /** How many inputs it has; absent: written by an earlier version, one. Not stored. */
    batchSize?: number
  }

/** What a call holds of budgets until it ends. Nano-dollars as text. */
export type HeldPlace = { costNanoUsd: string; tokens: number }

/** A call as the journal keeps it while it is open: a meter that starts anew holds the same place for it. */
export type OpenDraft = CallRecord & { held?: HeldPlace }

/** A backend that may serve the call. */
export type Candidate = { id: BackendRef; priority: number; weight: number; maxConcurrency: number | null }

/**
 * What a call may cost at most. A budget holds its place with it until the call is settled. `outputNanoUsdPerMillion` null:
 * the model has no price, and no budget in dollars can hold it.
 */
export type Most = {
  inputTokens: number
  outputTokens: number
  /** Whether no more output than that can come: the client itself says so, or the backend knows; else a hard budget says how much. */
  isAsked: boolean
  /** How many answers share the output, see `Endpoint.choices`; absent: one. */
  choices?: number
  /** The client's own limit stands where not every backend reads it: a hard budget says it again. */
  mustSay?: boolean
  inputNanoUsd: number
  outputNanoUsdPerMillion: number | null
}

/** Asks to let a call through and to write it down as open. */
export type Admission = {
  /** Of the caller's snapshot: where the meter knows a newer one it answers `stale`. */
  version: number
  /** What will stand in `requests` if nobody ever settles the call: cut off, its input estimated. */
  draft: CallRecord
  /** Until when it may last; later it counts as cut off. */
  expiresAtMs: number
  rpm: number | null
  tpm: number | null
  most: Most
  /** The answer is at hand: limits of rates count, and neither a backend nor money is needed. */
  isStored?: boolean
  candidates: Candidate[]
  strategy: 'weight' | 'least-latency'
  /** Calls of one session go to one backend; null: any. */
  affinity: string | null
}

export type RateStanding = { limit: number; remaining: number; resetMs: number }

export type Admitted =
  | {
      is: 'admitted'
      order: BackendRef[]
      requests: RateStanding | null
      tokens: RateStanding | null
      outputCap: number | null
      /** Soft budgets that are used up, in words. */
      warnings: string[]
    }
  | { is: 'stale'; version: number }
  | { is: 'limited'; by: 'requests' | 'tokens'; standing: RateStanding }
  /**
   * `budget` in words; `budgetId`: of it, or of the key whose own limit it is. `left` of it where that is not enough for the
   * call; `isHeld`: what is left is held by calls that are under way.
   */
  | {
      is: 'over budget'
      budget: string
      budgetId: string
      left: { nanoUsd: string | null; tokens: number | null }
      isHeld: boolean
      resetAtMs: number
    }
  /** Every backend is switched off by its breaker, or full. */
  | { is: 'unserved'; isFull: boolean }

/** Of several that ask together: others hold what this call would need of a budget, and it has to wait. It asks again alone. */
export type Held = { is: 'held' }

/**
 * One trip to the meter: calls that ask to be let through, and the ends of others. One that asks alone waits for what it needs;
 * of several each is answered at once, in their order.
 */
export type Trip = { admissions: readonly Admission[]; ended: readonly Settlement[] }

/** What one backend did with a call, or with a probe: that says nothing of how quickly models answer. */
export type Attempt = { backend: BackendRef; isWell: boolean; ms: number; message: string; isProbe?: true }

/** The end of a call. */
export type Settlement = { record: CallRecord; attempts: Attempt[] }

/** How a backend stands, as the page shows it. */
export type BackendStanding = {
  backend: BackendRef
  breaker: 'closed' | 'open' | 'half-open'
  inFlight: number
  failures: number
  /** Smoothed, of what went well; null: nothing yet. */
  latencyMs: number | null
  openUntilMs: number | null
  lastError: string
  lastAtMs: number | null
}

/** What a budget has seen in its running period. */
export type BudgetStanding = {
  budget: string
  periodStart: string
  spentNanoUsd: string
  heldNanoUsd: string
  spentTokens: number
  heldTokens: number
}

/** The meter itself, for its page and /metrics. `received` = `stored` + `rejected` + `waiting`. */
export type MeterStanding = {
  version: number
  open: number
  waiting: number
  received: number
  stored: number
  rejected: number
  lastFlushAtMs: number | null
  lastError: string
  backends: BackendStanding[]
  budgets: BudgetStanding[]
}
