import { z } from 'zod'
import { waste } from '../../analytics/waste.ts'
import { addressOf, daysInWords, lastDays, questionOf } from './days.ts'
import { Dollars, nanoOf, whole } from './fields.ts'
import type { AlertKind } from './kind.ts'
import { counted, dollars, percent } from './words.ts'

const Params = z
  .object({
    days: whole(1, 92).default(7).meta({ title: 'Complete days' }),
    measure: z.enum(['percent', 'usd']).default('percent').meta({ title: 'Measured in' }),
    atLeast: Dollars.default('30').meta({ title: 'At least', description: 'Per cent of the cost, or USD' }),
  })
  .refine(({ measure, atLeast }) => measure === 'usd' || Number(atLeast) <= 100, {
    message: 'must be at most 100 per cent',
    path: ['atLeast'],
  })

/** What is paid for and does nothing: held and measured to be idle, or held by nobody. */
export const idle: AlertKind<z.output<typeof Params>> = {
  name: 'idle',
  title: 'Idle and unallocated cost',
  describes:
    'Cost of GPUs that nobody held, or that were held and measured to do nothing, over the last complete days: as a share of the whole cost or in USD. What nobody measured counts as neither.',
  params: Params,
  of: ['company', 'team'],
  everyMinutes: 15,
  async look(scope, { params, teamId }) {
    const window = await lastDays(scope, params.days)
    const { total } = await waste(scope, { ...questionOf(window, teamId), groupBy: 'none' })
    const unused = total.allocatedIdleCostNanoUsd + total.unallocatedCostNanoUsd
    const whole = total.totalCostNanoUsd
    if (whole <= 0n) return []
    const limit = nanoOf(params.atLeast)
    // nano-USD and billionths of a per cent alike: a share is compared without being rounded
    const isOver = params.measure === 'usd' ? unused >= limit : unused * 100_000_000_000n >= whole * limit
    if (!isOver) return []
    return [
      {
        ...{ groupKey: '', teamId, href: addressOf('/utilization', window, teamId) },
        title: `${dollars(unused)} of GPUs did nothing in ${counted(params.days, 'day')}, ${percent(unused, whole)} of the cost`,
        text: `Over ${daysInWords(window)}, on the allocation basis.`,
        facts: [
          { name: 'Held and idle', value: dollars(total.allocatedIdleCostNanoUsd) },
          { name: 'Held by nobody', value: dollars(total.unallocatedCostNanoUsd) },
          { name: 'Whole cost', value: dollars(whole) },
          { name: 'Not measured', value: dollars(total.notMeasuredCostNanoUsd) },
        ],
      },
    ]
  },
}
