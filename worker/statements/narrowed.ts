import type { TeamId } from '../../db/units/ids.ts'
import type { Statement } from './statement-fields.ts'

/**
 * The statement as far as it is about these teams: their lines and sums, their part of the pot, and nothing from which
 * the pot, the bill or another team's part would follow. `isPartial`: because the asker may see no more.
 */
export function narrowed(statement: Statement, teamIds: readonly TeamId[], isPartial: boolean): Statement {
  const isIn = ({ teamId }: { teamId: TeamId | null }) => teamId !== null && teamIds.includes(teamId)
  const { split } = statement
  return {
    ...statement,
    isPartial,
    ...(isPartial ? { closedBy: null, stalePoolDays: null } : {}),
    split: isPartial
      ? {
          ...split,
          teams: split.teams?.filter((teamId) => teamIds.includes(teamId)) ?? null,
          weights: split.weights?.filter(isIn) ?? null,
        }
      : split,
    teams: statement.teams.filter(isIn),
    ...{ company: null, check: null },
    lines: statement.lines.filter(isIn),
  }
}
