import { z } from 'zod'
import type { TeamId } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import { addDays, type Window } from '../../db/units/time.ts'
import { explore } from '../analytics/explore.ts'
import { EXPLORED_KINDS } from '../analytics/explored-rows.ts'
import type { Question } from '../analytics/window.ts'
import { AnsweredId, Usd } from '../answer-fields.ts'
import type { Scope } from '../scope.ts'

/** What one team or model cost in the period, or what is left over. */
export const SpendLine = z.object({
  name: z.string(),
  kind: z.enum(EXPLORED_KINDS),
  teamId: AnsweredId('team').nullable(),
  costNanoUsd: Usd,
  previousCostNanoUsd: Usd.nullable().describe('Of as many days just before'),
  href: z.string(),
})
export type SpendLine = z.output<typeof SpendLine>

/** What is not narrowed. */
const ALL = {
  ...{ teamId: null, modelName: null, provider: null, gpuType: null, status: null, account: null },
  ...{ region: null, service: null, sku: null, chargeCategory: null, tag: null },
} as const satisfies Question['filters']

/** Effective cost by allocation, of the company or one team. */
export function questionOf(window: Window, teamId: TeamId | null): Question {
  return { window, basis: 'allocation', cost: 'effective', filters: { ...ALL, teamId: teamId && [teamId] } }
}

const EVERY = { top: Number.POSITIVE_INFINITY, isCounted: false } as const

/** What a window cost, and as many days before it. */
export async function costOf(
  scope: Scope,
  window: Window,
  teamId: TeamId | null,
): Promise<{ costNanoUsd: NanoUsd; previousCostNanoUsd: NanoUsd | null }> {
  const asked = { ...questionOf(window, teamId), ...EVERY, groupBy: [], compare: 'previous' as const }
  const { totalCostNanoUsd, previousTotalCostNanoUsd } = await explore(scope, asked)
  return { costNanoUsd: totalCostNanoUsd, previousCostNanoUsd: previousTotalCostNanoUsd }
}

/** The lines of a window, dearest first, then idle and its like: they sum to what it cost. */
export async function spendLines(
  scope: Scope,
  window: Window,
  teamId: TeamId | null,
  by: 'team' | 'model',
): Promise<SpendLine[]> {
  const asked = { ...questionOf(window, teamId), ...EVERY, groupBy: [by], compare: 'previous' as const }
  const { rows } = await explore(scope, asked)
  return rows.map(({ names, kind, teamId: own, totalCostNanoUsd, previousTotalCostNanoUsd }) => {
    const name = names[0] ?? ''
    const more: Record<string, string> = by === 'model' && kind === 'owner' ? { model_name: name } : {}
    const href = exploreHref(window, own ?? teamId, more)
    return {
      name,
      kind,
      teamId: own,
      costNanoUsd: totalCostNanoUsd,
      previousCostNanoUsd: previousTotalCostNanoUsd,
      href,
    }
  })
}

/** The explorer on these days. */
export function exploreHref(window: Window, teamId: TeamId | null, more: Record<string, string> = {}): string {
  const days = { start: window.from, end: addDays(window.before, -1) }
  const query = new URLSearchParams({ ...days, compare: 'previous', ...(teamId ? { team_id: teamId } : {}), ...more })
  return `/explore?${query}`
}
