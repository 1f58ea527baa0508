import { z } from 'zod'
import { reconciliation as reconcile } from '../../analytics/reconciliation.ts'
import { lastCheck } from '../../ledger/kept.ts'
import { addressOf, daysInWords, lastDays, questionOf } from './days.ts'
import { whole } from './fields.ts'
import type { AlertKind, AlertScope, Finding } from './kind.ts'
import { dollars } from './words.ts'

const Params = z.object({
  days: whole(1, 366).default(35).meta({ title: 'Complete days', description: 'Billed and shared out are compared' }),
})

/** The promise of the ledger, that what was billed is what was shared out, broken. */
export const reconciliation: AlertKind<z.output<typeof Params>> = {
  name: 'reconciliation',
  title: 'The ledger does not add up',
  describes:
    'Billed cost minus all that was shared out, which is 0 to the nano-dollar; and whether the check of the night found the ledger to hold.',
  params: Params,
  of: ['company'],
  everyMinutes: 15,
  async look(scope, { params }) {
    const [difference, check] = [await differenceIn(scope, params.days), await lastCheck(scope)]
    if (check === null || check.holds) return difference
    const broken = check.findings.map(({ message, count }) => `${message}: not in ${count}`)
    const failed: Finding = {
      ...{ groupKey: 'check', teamId: null, href: '/monitoring' },
      title: 'The check of the ledger found that it does not hold',
      text: broken.join('. '),
      facts: [{ name: 'Checked', value: new Date(check.finishedAtMs).toISOString() }],
    }
    return [...difference, failed]
  },
}

/** An empty ledger has no difference. */
async function differenceIn(scope: AlertScope, days: number): Promise<Finding[]> {
  const window = await lastDays(scope, days).catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'alerts.no_bill') return null
    throw error
  })
  if (window === null) return []
  const sums = await reconcile(scope, questionOf(window, null))
  const off = sums.differenceNanoUsd ?? 0n
  if (off === 0n) return []
  return [
    {
      ...{ groupKey: 'difference', teamId: null, href: addressOf('/', window, null) },
      title: `Billed and shared out differ by ${dollars(off)}`,
      text: `Over ${daysInWords(window)}: ${off} nano-dollars.`,
      facts: [
        { name: 'Billed', value: dollars(sums.billedCostNanoUsd ?? 0n) },
        { name: 'Difference', value: dollars(off) },
      ],
    },
  ]
}
