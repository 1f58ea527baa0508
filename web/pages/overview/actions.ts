import type { UsdText } from '../../../db/units/money.ts'
import { BILL_FILTERS, type Choice, type Filter } from '../../choice/choice.ts'
import { addressOf, lostJobsOf } from '../../choice/doors.ts'
import { formatCountOf, formatHours } from '../../format/count.ts'
import { formatUsd, isZeroUsd } from '../../format/usd.ts'
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

/** What nobody held: of GPUs, what of that jobs carry on the allocation basis, and of things that are no GPUs. */
export type UnheldGpus = { unheldUsd: UsdText; carriedUsd: UsdText; otherUsd: UsdText }

type Known = {
  waste: Waste['total'] | undefined
  gpus: UnheldGpus | undefined
  budgets: readonly BudgetUse[]
  /** Hours that jobs held where nothing was billed. */
  uncostedGpuHours: `${number}` | undefined
  latestImport: { importId: string; fileName: string; status: string; failed: number } | undefined
  /** The page's days and filters. */
  asked: Pick<Choice, 'range' | 'filters'>
  mayImport: boolean
  seesWholeCompany: boolean
}

/** What is worth doing about what the page shows, the dearest first, then what has no amount. Nothing to do is an empty list. */
export function actionsOf(known: Known): Action[] {
  const all = [
    ...wasteActions(known),
    ...budgetActions({ ...known, budgets: budgetsAsked(known) }),
    ...dataActions(known),
  ]
  return all.sort((a, b) => Number(b.amountUsd ?? -1) - Number(a.amountUsd ?? -1))
}

/** A budget is a team's: of a page that shows some teams theirs, of one that shows a part of the costs none. */
function budgetsAsked({ budgets, asked }: Known): readonly BudgetUse[] {
  if (asked.filters.some(({ name }) => name !== 'team_id')) return []
  return budgets.filter(
    ({ teamId }) => asked.filters.length === 0 || asked.filters.some(({ value }) => value === teamId),
  )
}

function wasteActions({ waste, gpus, asked, mayImport, seesWholeCompany }: Known): Action[] {
  if (!waste) return []
  const all = [
    // What nobody held is the company's to give back: a team carries its part and can do nothing about it.
    ...(seesWholeCompany && gpus ? [unheld(waste, gpus, asked)] : []),
    {
      key: 'idle',
      amountUsd: waste.allocatedIdleCostUsd,
      title: 'Held, but measured idle',
      words: 'Jobs kept GPUs that did nothing: talk to the teams that held most.',
      ...{ href: worthOf(asked, 'team'), link: 'Which teams' },
    },
    {
      key: 'lost',
      amountUsd: waste.lostWorkCostUsd,
      title: 'Failed or cancelled work',
      words:
        'The hours that such jobs held, without the idle hours that Models adds to them: look at the dearest first.',
      ...{ href: lostJobsOf(asked.range, asked.filters), link: 'Which jobs' },
    },
    {
      key: 'unmeasured',
      amountUsd: waste.notMeasuredCostUsd,
      title: 'Not measured',
      words: 'Held, and nobody knows whether it was busy: add GPU metrics.',
      ...(mayImport && seesWholeCompany
        ? { href: '/sources', link: 'Add a source' }
        : { href: worthOf(asked, 'gpu_type'), link: 'Which GPUs' }),
    },
  ]
  return all.filter(({ amountUsd }) => Number(amountUsd) > 0)
}

/** Where the parts of the cost stand on Utilisation, by team, pool or GPU type. */
function worthOf({ range, filters }: Known['asked'], worth: 'team' | 'pool' | 'gpu_type'): string {
  const known = filters.filter(({ name }) => !BILL_FILTERS.includes(name))
  return `${addressOf('/utilization', { range, filters: known }, { worth })}#worth`
}

/** The month's costs of the team in most trouble, or the budgets where several are. */
function budgetActions({ budgets, seesWholeCompany }: Known): Action[] {
  const inTrouble = budgets.filter(({ state }) => state !== 'within')
  const [worst] = inTrouble
  if (!worst) return []
  const others = inTrouble.length > 1 ? ` and ${formatCountOf(inTrouble.length - 1, 'more team')}` : ''
  const isOver = worst.state === 'over'
  return [
    {
      key: 'budgets',
      amountUsd: overBy(worst),
      title: isOver ? 'Over budget this month' : 'On the way over budget this month',
      words: `${worst.name}${others}: ${isOver ? 'above the budget by this much' : 'at this pace above it by this much'}. Raise it or slow down.`,
      ...(inTrouble.length > 1 && seesWholeCompany
        ? { href: '/teams', link: 'Budgets' }
        : { href: monthOf(worst.teamId), link: 'On what' }),
    },
  ]
}

/** By how much the month is, or at its pace will be, above the budget. */
function overBy({ spentUsd, budgetUsd, expectedUsd, state }: BudgetUse): UsdText {
  const reached = state === 'over' ? Number(spentUsd) : (expectedUsd ?? 0)
  return Math.max(0, reached - Number(budgetUsd)).toFixed(2) as UsdText
}

function monthOf(teamId: string): string {
  const filters: Filter[] = [{ name: 'team_id', value: teamId }]
  return addressOf('/explore', { range: { preset: 'this-month' }, filters }, { by: 'model' })
}

/** Without any job it is not known who held what: that comes before giving GPUs back. */
function unheld({ heldGpuHours }: NonNullable<Known['waste']>, gpus: UnheldGpus, asked: Known['asked']) {
  const what = { key: 'unheld', amountUsd: gpus.unheldUsd, title: 'Nobody held it' } as const
  if (heldGpuHours === '0')
    return { ...what, words: 'No job of these days is known: import your jobs.', href: '/imports', link: 'Import jobs' }
  return {
    ...what,
    words: `${unheldWords(gpus)} Give GPUs back, or fill them.`,
    ...{ href: worthOf(asked, 'pool'), link: 'Which pools' },
  }
}

/** Why this is another amount than what is unallocated. */
function unheldWords({ carriedUsd, otherUsd }: UnheldGpus): string {
  const carried = isZeroUsd(carriedUsd)
    ? 'GPU days without any job.'
    : `Idle hours of GPUs and days without a job; by allocation jobs carry ${formatUsd(carriedUsd)} of it.`
  return isZeroUsd(otherUsd) ? carried : `${carried} ${formatUsd(otherUsd)} for what is no GPU is not in it.`
}

function dataActions({ uncostedGpuHours, latestImport, asked, mayImport, seesWholeCompany }: Known): Action[] {
  const actions: Action[] = []
  if (uncostedGpuHours !== undefined && Number(uncostedGpuHours) > 0)
    actions.push({
      ...{ key: 'uncosted', amountUsd: null, title: 'Used, but not billed yet' },
      words: `${formatHours(uncostedGpuHours)} GPU-hours have no bill and cost nothing here${seesWholeCompany ? ': import it.' : '.'}`,
      ...{ href: '/imports', link: mayImport && seesWholeCompany ? 'Import a bill' : 'What came in' },
    })
  // Whose rows a file's refused ones would have been, nobody knows.
  if (asked.filters.length === 0 && latestImport && (latestImport.status === 'failed' || latestImport.failed > 0))
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
