import type { UseQueryResult } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import { Icon } from '../../components/icon.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { changeOf, formatShare } from '../../format/change.ts'
import { formatCount, formatCountOf, formatHours } from '../../format/count.ts'
import { rowMeaning } from '../../format/row-name.ts'
import { formatUsd, isZeroUsd } from '../../format/usd.ts'
import { type Bill, billOf, type Daily, type Spend } from './spend-queries.ts'

/** The figures that matter first. A card whose query failed shows a dash; its panel below says why. */
export function SummaryCards(props: { spend: Spend; isPartial: boolean; onUsage: () => void }) {
  const daily = () => settled(props.spend.daily)
  return (
    <dl class="cards">
      <StatCard
        title={props.isPartial ? 'Spend of your teams' : 'Total spend'}
        value={shown(props.spend.daily, (data) => formatUsd(data.totalCostUsd))}
      >
        <Show when={daily()}>{(data) => <ChangeLine daily={data()} />}</Show>
      </StatCard>
      <Show when={!props.isPartial}>
        <BillCards query={props.spend.reconciliation} onUsage={props.onUsage} />
      </Show>
      <JobsCard byTeam={props.spend.byTeam} />
    </dl>
  )
}

/** What of the bill is nobody's: for who sees the whole of it. */
function BillCards(props: { query: Spend['reconciliation']; onUsage: () => void }) {
  const bill = () => {
    const answer = settled(props.query)
    return answer && billOf(answer)
  }
  const amount = (format: (bill: Bill) => string) =>
    shown(props.query, (answer) => {
      const whole = billOf(answer)
      return whole ? format(whole) : '—'
    })
  return (
    <>
      <StatCard
        title="Idle"
        swatch="idle"
        hint={rowMeaning('idle')!}
        value={amount((data) => (data.basis === 'allocation' ? '—' : formatUsd(data.idleCostUsd)))}
      >
        <Show when={bill()}>{(data) => <IdleLine bill={data()} onUsage={props.onUsage} />}</Show>
      </StatCard>
      <Show when={bill() && !isZeroUsd(bill()!.unmeasuredCostUsd)}>
        <StatCard
          title="Unmeasured"
          swatch="unmeasured"
          hint={rowMeaning('unmeasured')!}
          value={formatUsd(bill()!.unmeasuredCostUsd)}
        >
          <ShareLine part={bill()!.unmeasuredCostUsd} bill={bill()!} />
        </StatCard>
      </Show>
      <StatCard
        title="Unallocated"
        swatch="unallocated"
        hint={rowMeaning('unallocated')!}
        value={amount((data) => formatUsd(data.unallocatedCostUsd))}
      >
        <Show when={bill()}>{(data) => <ShareLine part={data().unallocatedCostUsd} bill={data()} />}</Show>
      </StatCard>
    </>
  )
}

function ChangeLine(props: { daily: Daily }) {
  const before = () => props.daily.previousTotalCostUsd
  const change = () => changeOf(props.daily.totalCostUsd, before() ?? '0')
  return (
    <Show
      when={change()}
      fallback={before() === null ? 'The period before has no hours' : 'No spend in the period before'}
    >
      {(known) => (
        <>
          <span class="visually-hidden">{known().words}</span>
          <span class={`change is-${known().direction}`} aria-hidden="true">
            <Show when={known().direction !== 'same'}>
              <Icon name={known().direction === 'up' ? 'up' : 'down'} />
            </Show>
            {known().percent}
          </span>
          <span aria-hidden="true">
            {known().direction === 'same' ? ' same as before' : ` ${known().amount} vs period before`}
          </span>
        </>
      )}
    </Show>
  )
}

function IdleLine(props: { bill: Bill; onUsage: () => void }) {
  return (
    <Show
      when={props.bill.basis === 'allocation'}
      fallback={<ShareLine part={props.bill.idleCostUsd} bill={props.bill} />}
    >
      Spread over the jobs.{' '}
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
function JobsCard(props: { byTeam: Spend['byTeam'] }) {
  const owners = () => settled(props.byTeam)?.rows.filter(({ kind }) => kind === 'owner')
  const hours = () => owners()?.reduce((sum, row) => sum + Number(row.gpuHours), 0)
  const jobs = () => owners()?.reduce((sum, row) => sum + (row.jobCount ?? 0), 0)
  return (
    <StatCard title="GPU-hours" value={shown(props.byTeam, () => formatHours(`${hours() ?? 0}`))}>
      <Show when={owners()}>
        {(rows) => (
          <>
            {formatCount(jobs() ?? 0)} {jobs() === 1 ? 'job' : 'jobs'} of {formatCountOf(rows().length, 'team')}
          </>
        )}
      </Show>
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
