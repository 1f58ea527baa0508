import type { Filter } from '../../choice/choice.ts'
import { explainFigure, jobsOf } from '../../choice/doors.ts'
import type { FigureKind } from '../../choice/explain-address.ts'
import { daysOfMonth } from '../../choice/range.ts'
import { isZeroUsd } from '../../format/usd.ts'
import type { Line, TeamPart } from './statement-queries.ts'

/** Where a figure of a month is explained; undefined: nowhere. It is as the ledger is now, also for a closed month. */
export function explainMonth(month: string, kind: FigureKind, filters: readonly Filter[] = []): string | undefined {
  const days = daysOfMonth(month)
  return days ? explainFigure({ basis: 'allocation', zone: 'UTC', filters: [] }, days, kind, filters) : undefined
}

/** The jobs of a team in a month. */
export function jobsOfMonth(month: string, teamId: string): string | undefined {
  const days = daysOfMonth(month)
  return days ? jobsOf(days, [{ name: 'team_id', value: teamId }]) : undefined
}

/** Where a part of a team's sum leads; shared cost and adjustments stand on its statement, line by line. */
export function doorOfPart(
  month: string,
  part: 'jobsUsd' | 'assignedUsd' | 'sharedUsd' | 'adjustmentsUsd',
  team: TeamPart,
): string | undefined {
  const own = [{ name: 'team_id', value: team.teamId }] as const
  if (part === 'assignedUsd') return isZeroUsd(team.assignedUsd) ? undefined : explainMonth(month, 'assigned', own)
  // With parts by rules, a team's figure is more than what its jobs were charged: the jobs themselves are the proof.
  if (part === 'jobsUsd')
    return isZeroUsd(team.assignedUsd) ? explainMonth(month, 'total', own) : jobsOfMonth(month, team.teamId)
  return `/statements?month=${month}&team=${team.teamId}`
}

/** Where a line of a team's statement is explained; undefined: nowhere. */
export function doorOfLine(month: string, line: Line): string | undefined {
  const { kind, teamId, provider, gpuType, modelName } = line
  const pool: Filter[] = [
    { name: 'provider', value: provider ?? '' },
    { name: 'gpu_type', value: gpuType ?? '' },
  ]
  const team: Filter[] = teamId === null ? [] : [{ name: 'team_id', value: teamId }]
  if (kind === 'jobs')
    return explainMonth(month, 'total', [...team, { name: 'model_name', value: modelName ?? '' }, ...pool])
  return kind === 'assigned' ? explainMonth(month, 'assigned', [...team, ...pool]) : undefined
}
