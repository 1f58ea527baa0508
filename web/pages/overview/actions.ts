import type { UsdText } from '../../../db/units/money.ts'
import { formatCountOf, formatHours } from '../../format/count.ts'
import type { BudgetUse } from './budgets.ts'
import type { Waste } from './insight-queries.ts'

/** Something to do: what it is about, what is at stake, and where it is done. */
export type Action = {
  key: string
  /** Null: it is not about dollars. */
  amountUsd: UsdText | null
  title: string
  words: string
  href: string
  link: string
}

type Known = {
  waste: Waste['total'] | undefined
  budgets: readonly BudgetUse[]
  /** Hours that jobs held where nothing was billed. */
  uncostedGpuHours: `${number}` | undefined
  latestImport: { importId: string; fileName: string; status: string; failed: number } | undefined
  /** The page's days and filters as a query string. */
  asked: string
  mayImport: boolean
  seesWholeCompany: boolean
}

/** What is worth doing, the dearest first, then what has no amount. Nothing to do is an empty list. */
export function actionsOf(known: Known): Action[] {
  const all = [...wasteActions(known), ...budgetActions(known.budgets), ...dataActions(known)]
  return all.sort((a, b) => Number(b.amountUsd ?? -1) - Number(a.amountUsd ?? -1))
}

function wasteActions({ waste, asked, mayImport, seesWholeCompany }: Known): Action[] {
  if (!waste) return []
  const all = [
    // What nobody held is the company's to give back: a team carries its part and can do nothing about it.
    ...(seesWholeCompany ? [unheld(waste, asked)] : []),
    {
      key: 'idle',
      amountUsd: waste.allocatedIdleCostUsd,
      title: 'Held, but measured idle',
      words: 'Jobs kept GPUs that did nothing: talk to the teams that held most.',
      ...{ href: `/utilization?${asked}&worth=team`, link: 'Which teams' },
    },
    {
      key: 'lost',
      amountUsd: waste.lostWorkCostUsd,
      title: 'Failed or cancelled work',
      words: 'Jobs that came to nothing: look at the dearest first.',
      ...{ href: `/jobs?${withLost(asked)}`, link: 'Which jobs' },
    },
    {
      key: 'unmeasured',
      amountUsd: waste.notMeasuredCostUsd,
      title: 'Not measured',
      words: 'Held, and nobody knows whether it was busy: add GPU metrics.',
      ...(mayImport && seesWholeCompany
        ? { href: '/sources', link: 'Add a source' }
        : { href: `/utilization?${asked}`, link: 'Which GPUs' }),
    },
  ]
  return all.filter(({ amountUsd }) => Number(amountUsd) > 0)
}

function withLost(asked: string): string {
  const params = new URLSearchParams(asked)
  params.delete('status')
  for (const status of ['failed', 'cancelled']) params.append('status', status)
  return params.toString()
}

function budgetActions(budgets: readonly BudgetUse[]): Action[] {
  const inTrouble = budgets.filter(({ state }) => state !== 'within')
  const [worst] = inTrouble
  if (!worst) return []
  const others = inTrouble.length > 1 ? ` and ${formatCountOf(inTrouble.length - 1, 'more team')}` : ''
  const isOver = worst.state === 'over'
  return [
    {
      key: 'budgets',
      amountUsd: null,
      title: isOver ? 'Over budget this month' : 'On the way over budget this month',
      words: `${worst.name}${others}: raise the budget or slow down.`,
      ...{ href: '/teams', link: 'Budgets' },
    },
  ]
}

/** Without any job it is not known who held what: that comes before giving GPUs back. */
function unheld({ unallocatedCostUsd: amountUsd, heldGpuHours }: NonNullable<Known['waste']>, asked: string) {
  const what = { key: 'unheld', amountUsd, title: 'Nobody held it' } as const
  if (heldGpuHours === '0')
    return { ...what, words: 'No job of these days is known: import your jobs.', href: '/imports', link: 'Import jobs' }
  return {
    ...what,
    words: 'Paid-for capacity without a job: give GPUs back, or fill them.',
    ...{ href: `/utilization?${asked}&worth=pool`, link: 'Which pools' },
  }
}

function dataActions({ uncostedGpuHours, latestImport, mayImport, seesWholeCompany }: Known): Action[] {
  const actions: Action[] = []
  if (uncostedGpuHours !== undefined && Number(uncostedGpuHours) > 0)
    actions.push({
      ...{ key: 'uncosted', amountUsd: null, title: 'Used, but not billed yet' },
      words: `${formatHours(uncostedGpuHours)} GPU-hours have no bill and cost nothing here${seesWholeCompany ? ': import it.' : '.'}`,
      ...{ href: '/imports', link: mayImport && seesWholeCompany ? 'Import a bill' : 'What came in' },
    })
  if (latestImport && (latestImport.status === 'failed' || latestImport.failed > 0))
    actions.push({
      ...{ key: 'import', amountUsd: null },
      title: latestImport.status === 'failed' ? 'The last import failed' : 'The last import refused rows',
      words:
        latestImport.status === 'failed'
          ? `Nothing of ${latestImport.fileName || 'it'} was stored.`
          : `${formatCountOf(latestImport.failed, 'row')} of ${latestImport.fileName || 'it'} to correct.`,
      ...{ href: `/imports/${latestImport.importId}`, link: 'What was wrong' },
    })
  return actions
}
