import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { dayOf } from '../../../db/units/time.ts'
import { whole } from './fields.ts'
import type { AlertKind } from './kind.ts'
import { callsOf, recentCalls } from './recent-calls.ts'
import { counted } from './words.ts'

const Params = z.object({
  aboveMs: whole(1, 3_600_000).default(30_000).meta({ title: 'Above, ms' }),
  minutes: whole(1, 1_440).default(5).meta({ title: 'Window, minutes' }),
  leastCalls: whole(1, 1_000_000)
    .default(20)
    .meta({ title: 'Calls at least', description: 'Of fewer calls no percentile is made' }),
})

/** The 95th percentile of how long completed calls took, by nearest rank. */
export const latency: AlertKind<z.output<typeof Params>> = {
  name: 'latency',
  title: 'High latency',
  describes:
    '95th percentile (nearest rank) of the time that completed calls of the gateway took in the last minutes, in ms.',
  params: Params,
  of: ['company', 'team'],
  everyMinutes: 1,
  async look(scope, { params, teamId }) {
    const [row] = await scope.db.all<{ calls: bigint; p95: bigint | null }>(sql`
      select count(*) as calls, min(iif(place * 100 >= calls * 95, latency_ms, null)) as p95 from (
        select latency_ms, row_number() over (order by latency_ms) as place, count(*) over () as calls
        from ${recentCalls(scope, params.minutes, teamId)} where status = 'completed' and latency_ms is not null)`)
    const [calls, p95] = [Number(row?.calls ?? 0n), Number(row?.p95 ?? 0n)]
    if (calls < params.leastCalls || p95 <= params.aboveMs) return []
    const href = callsOf({ min_latency_ms: String(params.aboveMs) }, teamId, dayOf(scope.now()))
    return [
      {
        ...{ groupKey: '', teamId, href },
        title: `p95 latency of ${p95.toLocaleString('en-US')} ms in ${counted(params.minutes, 'minute')}`,
        text: `One call in twenty took longer; the rule allows ${params.aboveMs.toLocaleString('en-US')} ms.`,
        facts: [
          { name: 'p95', value: `${p95.toLocaleString('en-US')} ms` },
          { name: 'Calls', value: calls.toLocaleString('en-US') },
          { name: 'Limit', value: `${params.aboveMs.toLocaleString('en-US')} ms` },
        ],
      },
    ]
  },
}
