import { and, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { alerts } from '../../db/schema/alerts.ts'
import type { AlertId } from '../../db/units/ids.ts'
import type { AlertStatus } from '../../db/units/insight.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { allow, requireTeam, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { Alert, type AlertAlone, alertAlone, countAlerts, selectAlerts } from './alert.ts'
import type { AlertsAsked } from './alert-input.ts'

export const AlertPage = PageOf('alerts', Alert)

/**
 * Alerts, the newest first. A door: what fires now is `{ status: ['firing'] }`. People of teams see those of their teams,
 * whoever's the rule is.
 *
 * @throws HelioxError forbidden `auth.other_team`
 */
export async function listAlerts(
  scope: Scope,
  { skip, limit, status, teamId, ruleId }: z.output<typeof AlertsAsked>,
): Promise<z.output<typeof AlertPage>> {
  allow(scope, 'alerts:read')
  for (const id of teamId ?? []) requireTeam(scope, id)
  const where = and(
    status && or(...status.map(ofStatus)),
    teamId && inArray(alerts.teamId, teamId),
    ruleId && inArray(alerts.ruleId, ruleId),
  )
  const found = await selectAlerts(scope.db, scope, where, { skip, limit })
  const total = await countAlerts(scope.db, scope, where)
  return pageOf('alerts', found, total, { skip, limit }, visibleTeams(scope) !== null)
}

/** One that was closed by hand is stored as firing as long as its condition holds, and is resolved for everybody. */
function ofStatus(status: AlertStatus): SQL {
  if (status !== 'resolved') return sql`(${alerts.status} = ${status} and ${alerts.resolvedAtMs} is null)`
  return sql`(${alerts.status} = 'resolved' or (${alerts.status} = 'firing' and ${alerts.resolvedAtMs} is not null))`
}

/** One alert with its history. @throws HelioxError not_found `alerts.no_alert` */
export async function oneAlert(scope: Scope, { id }: { id: AlertId }): Promise<AlertAlone> {
  allow(scope, 'alerts:read')
  return alertAlone(scope.db, scope, id)
}
