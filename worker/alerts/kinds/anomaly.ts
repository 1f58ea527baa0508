import { z } from 'zod'
import type { TeamId } from '../../../db/units/ids.ts'
import { addDays } from '../../../db/units/time.ts'
import { extent } from '../../analytics/extent.ts'
import { AnomaliesQuestion } from '../../anomalies/anomaly-fields.ts'
import { anomalies } from '../../anomalies/find-anomalies.ts'
import { DIMENSIONS } from '../../anomalies/series.ts'
import { dollars } from '../../anomalies/words.ts'
import { HelioxError } from '../../errors.ts'
import type { AlertKind, Finding } from './kind.ts'

const Params = z.object({
  dimension: z
    .enum(DIMENSIONS)
    .default('team')
    .meta({ title: 'Watched' })
    .describe('What has a series each: the company, each team, provider, GPU type, account, model, or metered tokens'),
  direction: z
    .enum(['both', 'up', 'down'])
    .default('up')
    .meta({ title: 'Direction' })
    .describe('Days that cost more than expected, less, or either'),
  minImpactUsd: z
    .string()
    .regex(/^(\d{1,9}(\.\d{1,9})?)?$/, 'expected an amount such as "250.00", or nothing')
    .default('')
    .meta({ title: 'Least impact in USD' })
    .describe('Deviations below it are left out; empty: as the company has decided in its settings'),
  days: z
    .number()
    .int()
    .min(1)
    .max(7)
    .default(2)
    .meta({ title: 'Days' })
    .describe('The last so many complete days: what is older does not fire'),
})

/** Days of the last complete ones that cost more or less than expected, and that nobody has called planned or none. */
export const anomaly: AlertKind<z.output<typeof Params>> = {
  name: 'anomaly',
  title: 'Anomaly',
  describes: 'A day that cost more or less than its weekday usually does, of the last complete days (UTC).',
  params: Params as z.ZodType<z.output<typeof Params>>,
  of: ['company', 'team'],
  everyMinutes: 60,
  async look(scope, { params, teamId }) {
    const { lastDay } = await extent(scope)
    if (lastDay === null) throw unknown('There is no bill yet')
    // The last complete day is at most so far behind the last that was billed.
    const asked = { start: addDays(lastDay, -params.days - SLACK_DAYS), end: lastDay, dimension: params.dimension }
    const question = AnomaliesQuestion.parse({
      ...asked,
      ...{ direction: params.direction, verdict: 'any', limit: 50 },
      ...(params.minImpactUsd === '' ? {} : { minImpactUsd: params.minImpactUsd }),
      ...(teamId === null ? {} : { teamId: [teamId] }),
    })
    const answer = await anomalies(scope, question)
    if (answer.lastDay === null || answer.watchedCount === 0) throw unknown('Fewer than 14 days of history')
    const first = addDays(answer.lastDay, 1 - params.days)
    return answer.anomalies
      .filter(({ day, verdict }) => day >= first && verdict?.verdict !== 'no' && verdict?.verdict !== 'planned')
      .map((one): Finding => {
        const query = new URLSearchParams({ start: one.day, end: one.day, dimension: one.dimension })
        if (teamId !== null) query.append('team_id', teamId)
        return {
          ...{ groupKey: one.key, teamId: (teamId ?? one.teamId) as TeamId | null, title: one.sentence },
          text: one.causes.map(({ text }) => `${text}.`).join(' '),
          facts: [
            { name: 'Impact', value: dollars(one.impactNanoUsd) },
            { name: 'Spent', value: dollars(one.actualNanoUsd) },
            { name: 'Expected', value: `${dollars(one.expectedNanoUsd)} (z* ${one.z})` },
          ],
          href: `/anomalies?${query}`,
        }
      })
  },
}

const SLACK_DAYS = 5

/** Unknown is neither well nor ill. */
function unknown(why: string): HelioxError {
  return new HelioxError('unavailable', 'anomalies.unknown', `${why}: nothing is known of anomalies`)
}
