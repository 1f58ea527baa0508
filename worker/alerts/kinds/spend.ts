import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { rowOf, type TeamId } from '../../../db/units/ids.ts'
import { addDays, dayOf, type EpochMs } from '../../../db/units/time.ts'
import { addressOf, costOf, daysInWords, lastDays } from './days.ts'
import { Dollars, nanoOf, whole } from './fields.ts'
import type { AlertKind, AlertScope, Finding } from './kind.ts'
import { counted, dollars } from './words.ts'

const Params = z
  .object({
    of: z
      .enum(['ledger', 'calls'])
      .default('ledger')
      .meta({ title: 'Of what', description: 'ledger: all cost, by complete days. calls: of the gateway, up to now' }),
    window: whole(1, 366).default(7).meta({ title: 'Window' }),
    unit: z.enum(['days', 'hours']).default('days').meta({ title: 'Unit', description: 'Hours are for calls only' }),
    aboveUsd: Dollars.meta({ title: 'Above, USD', examples: ['5000'] }),
  })
  .refine(({ of, unit }) => of === 'calls' || unit === 'days', {
    message: 'The ledger is told by days: hours are for calls of the gateway',
    path: ['unit'],
  })
type Params = z.output<typeof Params>

const HOUR_MS = 3_600_000

/** Spend over a window above so many dollars. */
export const spend: AlertKind<Params> = {
  name: 'spend',
  title: 'Spend over a window',
  describes:
    'Cost of the last complete days, or of calls of the gateway in the last days or hours, above an amount in USD.',
  params: Params,
  of: ['company', 'team'],
  async look(scope, { params, teamId }) {
    const { spent, where, href } = await spentIn(scope, params, teamId)
    const limit = nanoOf(params.aboveUsd)
    if (spent <= limit) return []
    const found: Finding = {
      ...{ groupKey: '', teamId, href },
      title: `${dollars(spent)} spent in ${counted(params.window, params.unit.slice(0, -1))}`,
      text: `${where}: above the ${dollars(limit)} of this rule.`,
      facts: [
        { name: 'Spent', value: dollars(spent) },
        { name: 'Limit', value: dollars(limit) },
        { name: 'Over', value: dollars(spent - limit) },
      ],
    }
    return [found]
  },
}

async function spentIn(scope: AlertScope, { of, window, unit }: Params, teamId: TeamId | null) {
  if (of === 'ledger') {
    const days = await lastDays(scope, window)
    const spent = await costOf(scope, days, teamId)
    return { spent, where: `Effective cost of ${daysInWords(days)}`, href: addressOf('/explore', days, teamId) }
  }
  const sinceMs = (scope.now() - window * (unit === 'hours' ? 1 : 24) * HOUR_MS) as EpochMs
  const row = teamId ? BigInt(rowOf('team', teamId) ?? 0) : null
  const [sum] = await scope.db.all<{ cost: bigint }>(sql`
    select coalesce(sum(cost_nano_usd), 0) as cost from requests
    where started_at_ms >= ${BigInt(sinceMs)} and started_at_ms <= ${BigInt(scope.now())}
      ${row === null ? sql`` : sql`and team_id = ${row}`}`)
  const days = { from: dayOf(sinceMs), before: addDays(dayOf(scope.now()), 1) }
  const where = `Calls of models since ${new Date(sinceMs).toISOString()}; calls without a price count as nothing`
  return { spent: sum?.cost ?? 0n, where, href: addressOf('/requests', days, teamId) }
}
