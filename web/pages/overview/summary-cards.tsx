import type { UseQueryResult } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import { BILL_FILTERS } from '../../choice/choice.ts'
import { addressOf, explainFigure, jobsOf } from '../../choice/doors.ts'
import { costFacts } from '../../choice/how-facts.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'
import { ChangeLine } from '../../components/change-line.tsx'
import type { How } from '../../components/how-computed.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { formatShare } from '../../format/change.ts'
import { formatHours } from '../../format/count.ts'
import { rowMeaning } from '../../format/row-name.ts'
import { formatUsd, isZeroUsd } from '../../format/usd.ts'
import { holdersOf } from './holders.ts'
import { MonthCard } from './month-card.tsx'
import { type Bill, billOf, type Compared, type Spend } from './spend-queries.ts'

type LeftOver = 'idle' | 'unmeasured' | 'unallocated'

const IDLE = 'Of each pool-day, its cost × (billed − held) ÷ billed GPU-hours, added up: days without a job count too.'
const UNMEASURED = 'The cost of pool-days whose bill does not say how many GPU-hours it bought, added up.'
const UNALLOCATED = 'The cost of pool-days on which no job held anything, added up.'

/** The figures that matter first. A card whose query failed shows a dash; its panel below says why. */
export function SummaryCards(props: {
  spend: Spend
  choice: ChoiceControl
  comparison: Compared
  isPartial: boolean
  /** Idle hours that jobs carry on the allocation basis; undefined while, or where, that is not known. */
  carriedUsd: UsdText | undefined
  onUsage: () => void
}) {
  const daily = () => settled(props.spend.daily)
  const explain = (kind: 'total' | LeftOver) => explainFigure(props.choice.choice(), props.choice.choice().range, kind)
  /** What is nobody's is no part of a sum there: the line of sums says so. */
  const isExposure = () => props.choice.choice().basis === 'exposure'
  const jobs = () => jobsOf(props.choice.choice().range, props.choice.choice().filters)
  /** Where idle hours that jobs carry are told apart; of UTC days, and of no part of the bill's own names. */
  const unheld = () => {
    const { range, zone, filters } = props.choice.choice()
    if (zone !== 'UTC' || filters.some(({ name }) => BILL_FILTERS.includes(name))) return undefined
    return `${addressOf('/utilization', { range, filters }, { worth: 'pool' })}#worth`
  }
  const how = (formula: string, href: string | undefined): How => ({
    formula,
    href,
    facts: costFacts(props.choice.choice(), props.choice.days(), { isPartial: props.isPartial }),
    doors: [['Jobs', jobs()]],
  })
  return (
    <dl class="cards">
      <StatCard
        title={props.isPartial ? 'Spend of your teams' : 'Total spend'}
        value={shown(props.spend.daily, (data) => formatUsd(data.totalCostUsd))}
        href={explain('total')}
        how={how(
          props.isPartial
            ? 'What your teams’ jobs were charged on these days, added up.'
            : isExposure()
              ? 'What every pool cost on these days, added up. It is the bill, and the same on every basis.'
              : 'What every pool cost on these days, added up: owners + idle + unmeasured + unallocated.',
          explain('total'),
        )}
      >
        <Show when={daily()}>
          {(data) => (
            <ChangeLine
              now={data().totalCostUsd}
              before={data().previousTotalCostUsd}
              comparison={props.comparison}
              days={data().previousDays}
            />
          )}
        </Show>
      </StatCard>
      <Show when={!props.isPartial && !isExposure()}>
        <BillCards
          query={props.spend.reconciliation}
          {...{ explain, how }}
          carriedUsd={props.carriedUsd}
          unheldHref={unheld()}
          onUsage={props.onUsage}
        />
      </Show>
      <Show when={!isExposure()}>
        <MonthCard choice={props.choice} />
      </Show>
      <JobsCard byTeam={props.spend.byTeam} href={jobs()} />
    </dl>
  )
}

/** What of the bill is nobody's: for who sees the whole of it. */
function BillCards(props: {
  query: Spend['reconciliation']
  explain: (kind: LeftOver) => string | undefined
  how: (formula: string, href: string | undefined) => How
  carriedUsd: UsdText | undefined
  unheldHref: string | undefined
  onUsage: () => void
}) {
  const bill = () => {
    const answer = settled(props.query)
    return answer && billOf(answer)
  }
  const amount = (format: (bill: Bill) => string) =>
    shown(props.query, (answer) => {
      const whole = billOf(answer)
      return whole ? format(whole) : '—'
    })
  const doorOf = (kind: LeftOver, formula: string) => ({
    href: props.explain(kind),
    how: props.how(formula, props.explain(kind)),
  })
  return (
    <>
      <StatCard
        title="Idle"
        swatch="idle"
        hint={rowMeaning('idle')!}
        value={amount((data) => (data.basis === 'allocation' ? 'In the jobs' : formatUsd(data.idleCostUsd)))}
        {...(bill() && bill()!.basis !== 'allocation'
          ? doorOf('idle', IDLE)
          : { href: props.unheldHref, door: 'what nobody held' })}
      >
        <Show when={bill()}>
          {(data) => <IdleLine bill={data()} carriedUsd={props.carriedUsd} onUsage={props.onUsage} />}
        </Show>
      </StatCard>
      <Show when={bill() && !isZeroUsd(bill()!.unmeasuredCostUsd)}>
        <StatCard
          title="Unmeasured"
          swatch="unmeasured"
          hint={rowMeaning('unmeasured')!}
          value={formatUsd(bill()!.unmeasuredCostUsd)}
          {...doorOf('unmeasured', UNMEASURED)}
        >
          <ShareLine part={bill()!.unmeasuredCostUsd} bill={bill()!} />
        </StatCard>
      </Show>
      <StatCard
        title="Unallocated"
        swatch="unallocated"
        hint={rowMeaning('unallocated')!}
        value={amount((data) => formatUsd(data.unallocatedCostUsd))}
        {...doorOf('unallocated', UNALLOCATED)}
      >
        <Show when={bill()}>{(data) => <ShareLine part={data().unallocatedCostUsd} bill={data()} />}</Show>
      </StatCard>
    </>
  )
}

/** By allocation idle hours are in what jobs are charged: how much that is, and the way to see it apart. */
function IdleLine(props: { bill: Bill; carriedUsd: UsdText | undefined; onUsage: () => void }) {
  return (
    <Show
      when={props.bill.basis === 'allocation'}
      fallback={<ShareLine part={props.bill.idleCostUsd} bill={props.bill} />}
    >
      {props.carriedUsd === undefined ? 'Carried by the jobs.' : `${formatUsd(props.carriedUsd)} carried by the jobs.`}{' '}
      <button type="button" class="link" onClick={() => props.onUsage()}>
        Show idle
      </button>
    </Show>
  )
}

function ShareLine(props: { part: UsdText; bill: Bill }) {
  const share = () => formatShare(props.part, props.bill.billedCostUsd)
  return <Show when={share()}>{share()} of the bill</Show>
}

/** Jobs and GPU-hours in the window. Each job is of one team, so the rows of the teams can be counted. */
function JobsCard(props: { byTeam: Spend['byTeam']; href: string }) {
  const owners = () => settled(props.byTeam)?.rows.filter(({ kind }) => kind === 'owner')
  const hours = () => owners()?.reduce((sum, row) => sum + Number(row.gpuHours), 0)
  return (
    <StatCard
      title="GPU-hours"
      value={shown(props.byTeam, () => formatHours(`${hours() ?? 0}`))}
      href={props.href}
      door="the jobs that held them"
    >
      <Show when={owners()}>{(rows) => holdersOf(rows())}</Show>
    </StatCard>
  )
}

function settled<T>(query: UseQueryResult<T>): T | undefined {
  return query.isPending ? undefined : query.data
}

function shown<T>(query: UseQueryResult<T>, format: (data: T) => string): string | undefined {
  const data = settled(query)
  if (data !== undefined) return format(data)
  return query.isError ? '—' : undefined
}
