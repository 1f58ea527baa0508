import { HelioxError } from '../../errors.ts'
import { anomaly } from './anomaly.ts'
import { backendDown } from './backend-down.ts'
import { budget } from './budget.ts'
import { budgetOutlookKind } from './budget-outlook.ts'
import { burnRate } from './burn-rate.ts'
import { errorRatio } from './error-ratio.ts'
import { idle } from './idle.ts'
import { ingestStale } from './ingest-stale.ts'
import type { AlertKind } from './kind.ts'
import { latency } from './latency.ts'
import { reconciliation } from './reconciliation.ts'
import { spend } from './spend.ts'
import { unpricedTokens } from './unpriced-tokens.ts'

/** The list of kinds, in the order in which the page offers them. */
export const KINDS: readonly AlertKind[] = [
  spend,
  burnRate,
  budget,
  budgetOutlookKind,
  anomaly,
  idle,
  ingestStale,
  backendDown,
  errorRatio,
  latency,
  unpricedTokens,
  reconciliation,
] as readonly AlertKind[]

/** @throws HelioxError invalid `alerts.unknown_kind` */
export function kindNamed(name: string): AlertKind {
  const kind = KINDS.find((one) => one.name === name)
  if (kind) return kind
  const details = [`kind: must be one of ${KINDS.map((one) => one.name).join(', ')}`]
  throw new HelioxError('invalid', 'alerts.unknown_kind', `There is no kind of rule called ${name}`, { details })
}
