import { createMemo, Show } from 'solid-js'
import type { Filter } from '../choice/choice.ts'
import { useChoice } from '../choice/use-choice.ts'
import { BasisSwitch } from '../components/basis-switch.tsx'
import { FilterChips } from '../components/filter-chips.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import { isZeroUsd } from '../format/usd.ts'
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
  const choice = useChoice()
  const spend = useSpend(choice)
  const painter = new Painter()
  const nothing = createMemo(
    () => !spend.daily.isPending && spend.daily.data !== undefined && isNothing(spend.daily.data),
  )

  const teamNames = new Map<string, string>()
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
      <DemoBanner />
      <div class="page-head">
        <PageHeading title="Overview" />
        <div class="toolbar">
          <RangePicker
            range={choice.choice().range}
            days={choice.days()}
            today={choice.today()}
            onPick={(range) => choice.change({ range })}
          />
          <BasisSwitch basis={choice.choice().basis} onPick={(basis) => choice.change({ basis })} />
        </div>
      </div>
      <FilterChips
        filters={choice.choice().filters}
        labelOf={labelOf}
        onRemove={choice.removeFilter}
        onClear={() => choice.change({ filters: [] })}
      />
      <Show
        when={!nothing()}
        fallback={<EmptyWindow choice={choice} extent={spend.extent} reconciliation={spend.reconciliation} />}
      >
        <SummaryCards spend={spend} onUsage={() => choice.change({ basis: 'usage' })} />
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
