import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { dayOf } from '../../../db/units/time.ts'
import { decimal, whole } from './fields.ts'
import type { AlertKind } from './kind.ts'
import { callsOf, recentCalls } from './recent-calls.ts'
import { counted, percent } from './words.ts'

const Params = z.object({
  abovePercent: decimal(0, 99.999).default(1).meta({ title: 'Above, %' }),
  minutes: whole(1, 1_440).default(5).meta({ title: 'Window, minutes' }),
  leastCalls: whole(1, 1_000_000)
    .default(20)
    .meta({ title: 'Calls at least', description: 'Of fewer calls no ratio is made' }),
  of: z
    .enum(['server', 'all'])
    .default('server')
    .meta({ title: 'Which failures', description: 'server: 5xx and no answer at all. all: refused by 4xx as well' }),
})

/** Failed calls of the gateway as a share of all; calls that their client gave up count among all and not as failed. */
export const errorRatio: AlertKind<z.output<typeof Params>> = {
  name: 'error_ratio',
  title: 'High error rate',
  describes: 'Failed calls ÷ all calls of the gateway in the last minutes, in per cent.',
  params: Params,
  of: ['company', 'team'],
  everyMinutes: 1,
  async look(scope, { params, teamId }) {
    const isFailed =
      params.of === 'all'
        ? sql`status = 'failed'`
        : sql`status = 'failed' and (http_status is null or http_status >= 500)`
    const [row] = await scope.db.all<{ calls: bigint; failed: bigint }>(sql`
      select count(*) as calls, coalesce(sum(${isFailed}), 0) as failed from ${recentCalls(scope, params.minutes, teamId)}`)
    const { calls, failed } = row ?? { calls: 0n, failed: 0n }
    if (Number(calls) < params.leastCalls || Number(failed) * 100 <= Number(calls) * params.abovePercent) return []
    return [
      {
        ...{ groupKey: '', teamId, href: callsOf({ errors: 'true' }, teamId, dayOf(scope.now())) },
        title: `${percent(failed, calls)} of calls failed in ${counted(params.minutes, 'minute')}`,
        text: `${counted(Number(failed), 'call')} of ${Number(calls).toLocaleString('en-US')} failed; the rule allows ${params.abovePercent} %.`,
        facts: [
          { name: 'Failed', value: Number(failed).toLocaleString('en-US') },
          { name: 'Calls', value: Number(calls).toLocaleString('en-US') },
          { name: 'Limit', value: `${params.abovePercent} %` },
        ],
      },
    ]
  },
}
