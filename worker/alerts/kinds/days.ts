import type { TeamId } from '../../../db/units/ids.ts'
import { addDays, type Day, dayOf, type Window } from '../../../db/units/time.ts'
import { explore } from '../../analytics/explore.ts'
import { extent } from '../../analytics/extent.ts'
import type { Question } from '../../analytics/window.ts'
import { HelioxError } from '../../errors.ts'
import { machine, type Scope } from '../../scope.ts'

/** Nothing narrowed. */
const EVERYTHING: Question['filters'] = {
  ...{ teamId: null, modelName: null, status: null, provider: null, gpuType: null },
  ...{ account: null, region: null, service: null, sku: null, chargeCategory: null, tag: null },
}

/** What a look asks the ledger: effective cost on the allocation basis, of one team or the whole company. */
export function questionOf(window: Window, teamId: TeamId | null): Question {
  const filters = { ...EVERYTHING, teamId: teamId ? [teamId] : null }
  return { window, basis: 'allocation', cost: 'effective', filters }
}

/**
 * The last day that is complete, whoever's days they are: yesterday, or the last day that was billed if the bill is not so far.
 * @throws HelioxError unavailable `alerts.no_bill`: there is none, so nothing is known
 */
export async function lastCompleteDay(scope: Scope): Promise<Day> {
  const { lastDay } = await extent({ ...scope, actor: machine('alerts') }) // a team without jobs has days as well
  if (lastDay === null) throw new HelioxError('unavailable', 'alerts.no_bill', 'There is no bill yet to look at')
  const yesterday = addDays(dayOf(scope.now()), -1)
  return lastDay < yesterday ? lastDay : yesterday
}

/** So many complete days, the last ones. @throws as `lastCompleteDay` */
export async function lastDays(scope: Scope, count: number): Promise<Window> {
  const before = addDays(await lastCompleteDay(scope), 1)
  return { from: addDays(before, -count), before }
}

/** What a window cost. */
export async function costOf(scope: Scope, window: Window, teamId: TeamId | null): Promise<bigint> {
  const asked = { ...questionOf(window, teamId), groupBy: [], top: 1, compare: 'none', isCounted: false } as const
  return (await explore(scope, asked)).totalCostNanoUsd
}

/** What each team was charged in a window; a team that is not there was charged nothing. */
export async function costByTeam(scope: Scope, window: Window): Promise<Map<TeamId, bigint>> {
  const every = { groupBy: ['team'], top: Number.POSITIVE_INFINITY, compare: 'none', isCounted: false } as const
  const { rows } = await explore(scope, { ...questionOf(window, null), ...every })
  const found = new Map<TeamId, bigint>()
  for (const { teamId, totalCostNanoUsd } of rows)
    if (teamId) found.set(teamId, (found.get(teamId) ?? 0n) + totalCostNanoUsd)
  return found
}

/** The address of a window on a page. */
export function addressOf(path: string, { from, before }: Window, teamId: TeamId | null): string {
  const team = teamId ? { team_id: teamId } : {}
  return `${path}?${new URLSearchParams({ start: from, end: addDays(before, -1), ...team })}`
}

/** "2026-03-01 to 2026-03-07", or its only day. */
export function daysInWords({ from, before }: Window): string {
  const last = addDays(before, -1)
  return from === last ? from : `${from} to ${last}`
}
