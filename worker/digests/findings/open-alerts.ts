import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { alerts } from '../../../db/schema/alerts.ts'
import { ofVisibleTeams } from '../../teams/team.ts'
import type { Finder } from './finder.ts'

/** Alerts that fire now, without those closed by hand; those that nobody has acknowledged first. */
export const openAlerts: Finder = async (scope, { teamId, most }) => {
  const rows = await scope.db
    .select({ id: alerts.id, severity: alerts.severity, finding: alerts.finding })
    .from(alerts)
    .where(
      and(
        eq(alerts.status, 'firing'),
        isNull(alerts.resolvedAtMs),
        teamId ? eq(alerts.teamId, teamId) : undefined,
        ofVisibleTeams(scope, alerts.teamId),
      ),
    )
    .orderBy(
      sql`case ${alerts.severity} when 'critical' then 0 when 'warning' then 1 else 2 end`,
      sql`${alerts.acknowledgedAtMs} is not null`,
      asc(alerts.startedAtMs),
      asc(alerts.id),
    )
    .limit(most)
  return rows.map(({ id, severity, finding }) => {
    const { title = '', href = '' } = JSON.parse(finding) as { title?: string; href?: string }
    return { kind: 'alert', severity, title: title || `Alert ${id}`, href: href || '/alerts' }
  })
}
