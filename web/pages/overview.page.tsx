import { createMemo, Show } from 'solid-js'
import { BASES, type Filter, TEAM_BASES } from '../choice/choice.ts'
import { useChoice } from '../choice/use-choice.ts'
import { BasisSwitch } from '../components/basis-switch.tsx'
import { FilterChips } from '../components/filter-chips.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { NoTeam, PartialNote } from '../components/partial-note.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import { isZeroUsd } from '../format/usd.ts'
import { isWithoutTeam, type User, useUser } from '../user.ts'
import { Breakdowns } from './overview/breakdowns.tsx'
import { DemoBanner } from './overview/demo-banner.tsx'
import { EmptyWindow } from './overview/empty-window.tsx'
import { Painter } from './overview/painter.ts'
import { ReconciliationLine } from './overview/reconciliation-line.tsx'
import { type Daily, seriesOf, useSpend } from './overview/spend-queries.ts'
import { SummaryCards } from './overview/summary-cards.tsx'
import { TrendPanel } from './overview/trend-panel.tsx'

/** What was spent, on whom, and that it adds up. */
export default function OverviewPage() {
  const user = useUser()
  return (
    <Show when={user()}>
      {(known) => (
        <Show when={!isWithoutTeam(known())} fallback={<NobodysOverview />}>
          <Overview user={known()} />
        </Show>
      )}
    </Show>
  )
}

/** For who is in no team: no question is asked, since every answer would be nothing. */
function NobodysOverview() {
  return (
    <div class="page">
      <PageHeading title="Overview" />
      <NoTeam>Costs are shown to the teams that they are of.</NoTeam>
    </div>
  )
}

function Overview(props: { user: User }) {
  const isPartial = () => !props.user.seesWholeCompany
  const bases = () => (isPartial() ? TEAM_BASES : BASES)
  const choice = useChoice(bases)
  const spend = useSpend(choice)
  const painter = new Painter()
  const nothing = createMemo(
    () => !spend.daily.isPending && spend.daily.data !== undefined && isNothing(spend.daily.data),
  )

  const teamNames = new Map(props.user.teams.map(({ id, name }) => [id as string, name]))
  const labelOf = ({ name, value }: Filter) => {
    if (name !== 'team_id') return value
    const rows = spend.byTeam.isPending ? [] : (spend.byTeam.data?.rows ?? [])
    for (const row of rows) if (row.teamId) teamNames.set(row.teamId, row.name)
    return teamNames.get(value) ?? value
  }
  const pickSeries = (name: string) => {
    const { group } = choice.choice()
    if (group === 'provider' || group === 'gpu_type') choice.addFilter({ name: group, value: name })
    if (group === 'model') choice.addFilter({ name: 'model_name', value: name })
    if (group !== 'team' || spend.byTeam.isPending) return
    const teamId = spend.byTeam.data?.rows.find((row) => row.name === name)?.teamId
    if (teamId) choice.addFilter({ name: 'team_id', value: teamId })
  }

  return (
    <div class="page">
      <DemoBanner mayRemove={props.user.role === 'admin'} />
      <div class="page-head">
        <PageHeading title="Overview" />
        <div class="toolbar">
          <RangePicker
            range={choice.choice().range}
            days={choice.days()}
            today={choice.today()}
            onPick={(range) => choice.change({ range })}
          />
          <BasisSwitch bases={bases()} basis={choice.choice().basis} onPick={(basis) => choice.change({ basis })} />
        </div>
      </div>
      <PartialNote user={props.user}>Totals leave out the rest of the company.</PartialNote>
      <FilterChips
        filters={choice.choice().filters}
        labelOf={labelOf}
        onRemove={choice.removeFilter}
        onClear={() => choice.change({ filters: [] })}
      />
      <Show
        when={!nothing()}
        fallback={
          <EmptyWindow user={props.user} choice={choice} extent={spend.extent} reconciliation={spend.reconciliation} />
        }
      >
        <SummaryCards spend={spend} isPartial={isPartial()} onUsage={() => choice.change({ basis: 'usage' })} />
        <ReconciliationLine query={spend.reconciliation} asked={choice.choice().basis} />
        <TrendPanel
          query={spend.daily}
          group={choice.choice().group}
          csvPath={`/api/v1/analytics/cost/daily?${choice.queryString()}&group_by=${choice.choice().group}`}
          painter={painter}
          onGroup={(group) => choice.change({ group })}
          onPick={pickSeries}
        />
        <Breakdowns spend={spend} choice={choice} painter={painter} />
      </Show>
    </div>
  )
}

/** No cost on any day; a credit that cancels a cost is not nothing. */
function isNothing(daily: Daily): boolean {
  return seriesOf(daily).every(({ costUsd }) => costUsd.every((cost) => isZeroUsd(cost)))
}
