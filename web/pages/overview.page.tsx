import { A, useLocation, useSearchParams } from '@solidjs/router'
import { createEffect, createMemo, lazy, on, Show } from 'solid-js'
import { type Day, parseDay } from '../../db/units/time.ts'
import type { Series } from '../charts/series.ts'
import { BASES, type Filter, TEAM_BASES, withFilter } from '../choice/choice.ts'
import { readComparison, writeComparison } from '../choice/compare.ts'
import { addressOf, explainFigure } from '../choice/doors.ts'
import { endingOn } from '../choice/range.ts'
import { type ChoiceControl, useChoice } from '../choice/use-choice.ts'
import { BasisSwitch } from '../components/basis-switch.tsx'
import { CompareSelect } from '../components/compare-select.tsx'
import { FilterChips } from '../components/filter-chips.tsx'
import { InTeam } from '../components/in-team.tsx'
import { LastFigures } from '../components/not-up-to-date.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { PartialNote } from '../components/partial-note.tsx'
import { usePrinting } from '../components/printing.ts'
import { RangePicker } from '../components/range-picker.tsx'
import { isZeroUsd } from '../format/usd.ts'
import { useTeams } from '../teams.ts'
import { mayImport, type User } from '../user.ts'
import { AnomalyLine } from './overview/anomaly-line.tsx'
import { AnswerInShort } from './overview/answer-in-short.tsx'
import { Breakdowns } from './overview/breakdowns.tsx'
import { BudgetsPanel } from './overview/budgets-panel.tsx'
import { DemoBanner } from './overview/demo-banner.tsx'
import { EmptyWindow } from './overview/empty-window.tsx'
import { useFirstRun } from './overview/first-run-state.ts'
import { Freshness } from './overview/freshness.tsx'
import { settled, useInsight } from './overview/insight-queries.ts'
import { Painter } from './overview/painter.ts'
import { Paper, PaperHead } from './overview/paper.tsx'
import { ReconciliationLine } from './overview/reconciliation-line.tsx'
import { type Compared, type Daily, seriesOf, useSpend } from './overview/spend-queries.ts'
import { SummaryCards } from './overview/summary-cards.tsx'
import { TokensLine } from './overview/tokens-line.tsx'
import { TrendPanel } from './overview/trend-panel.tsx'
import { isZoneRefused, ZoneRefused } from './overview/zone-refused.tsx'

/** Once in the life of an installation: nobody else waits for its code. */
const FirstRun = lazy(() => import('./overview/first-run.tsx'))

/** What was spent, on whom, and that it adds up. */
export default function OverviewPage() {
  return (
    <InTeam title="Overview" why="Costs are shown to the teams that they are of.">
      {(user) => <Overview user={user()} />}
    </InTeam>
  )
}

function Overview(props: { user: User }) {
  const isPartial = () => !props.user.seesWholeCompany
  const bases = () => (isPartial() ? TEAM_BASES : BASES)
  const choice = useChoice(bases, true)
  const [params, setParams] = useSearchParams<{ compare?: string }>()
  const comparison = (): Compared => (readComparison(params.compare) === 'year' ? 'year' : 'previous')
  const isForeign = ({ name, value }: Filter) =>
    isPartial() && name === 'team_id' && !props.user.teams.some(({ id }) => id === value)
  const foreign = () => choice.choice().filters.filter(isForeign)
  const leaveForeign = () => choice.change({ filters: choice.choice().filters.filter((one) => !isForeign(one)) })
  const { teams } = useTeams(() => !isPartial() && choice.choice().filters.some(({ name }) => name === 'team_id'))
  const labelOf = (filter: Filter) => {
    if (filter.name !== 'team_id') return filter.value
    if (isForeign(filter)) return 'one that you are not in'
    const known = isPartial() ? props.user.teams : teams()
    return known ? (known.find(({ id }) => id === filter.value)?.name ?? 'one that is gone') : '…'
  }
  const isPrinting = usePrinting()
  return (
    <div class="page overview">
      <DemoBanner mayRemove={props.user.role === 'admin'} />
      <div class="page-head">
        <PageHeading title="Overview" />
        <div class="toolbar">
          <RangePicker
            range={choice.choice().range}
            days={choice.days()}
            today={choice.today()}
            onPick={(range) => choice.change({ range })}
            zone={choice.choice().zone}
            onZone={(zone) => choice.change({ zone })}
          />
          <BasisSwitch bases={bases()} basis={choice.choice().basis} onPick={(basis) => choice.change({ basis })} />
          <CompareSelect
            isAlways
            comparison={comparison()}
            onPick={(next) => setParams({ compare: writeComparison(next, 'previous') })}
          />
        </div>
      </div>
      <Show when={isPrinting()}>
        <PaperHead choice={choice.choice()} days={choice.days()} labelOf={labelOf} />
      </Show>
      <PartialNote user={props.user}>Totals leave out the rest of the company.</PartialNote>
      <FilterChips
        filters={choice.choice().filters}
        labelOf={labelOf}
        onRemove={choice.removeFilter}
        onClear={() => choice.change({ filters: [] })}
      />
      <Show when={foreign().length === 0} fallback={<ForeignTeam onLeave={leaveForeign} />}>
        <Figures user={props.user} choice={choice} comparison={comparison()} />
      </Show>
    </div>
  )
}

/** For a link of somebody who sees more: no question is asked, since each would be refused. */
function ForeignTeam(props: { onLeave: () => void }) {
  return (
    <section class="panel empty is-large">
      <h2>This link is about a team that you are not in</h2>
      <p>You see the costs of your own teams. An administrator can add you to others.</p>
      <button type="button" class="button is-primary" onClick={() => props.onLeave()}>
        Show your teams
      </button>
    </section>
  )
}

function Figures(props: { user: User; choice: ChoiceControl; comparison: Compared }) {
  const { choice } = props
  const location = useLocation()
  const isPartial = () => !props.user.seesWholeCompany
  const comparison = () => props.comparison
  const spend = useSpend(choice, comparison)
  const insight = useInsight(choice, comparison)
  const painter = new Painter()
  const isPrinting = usePrinting()
  const firstRun = useFirstRun(() => props.user, spend)
  const showsFirstRun = () => firstRun.isOn() && mayImport(props.user)
  // What the first file brought is in sight at once, whatever days it is of.
  createEffect(
    on(firstRun.isOn, (isOn, was) => {
      const last = parseDay(settled(spend.extent)?.lastDay ?? '')
      const days = choice.days()
      if (was && !isOn && last !== null && (last < days.start || last > days.end))
        choice.change({ range: endingOn(days, last) })
    }),
  )
  const nothing = createMemo(
    () => !spend.daily.isPending && spend.daily.data !== undefined && isNothing(spend.daily.data),
  )

  const filterOfSeries = ({ name, teamId }: Series): Filter | null => {
    const { group } = choice.choice()
    if (group === 'provider' || group === 'gpu_type') return { name: group, value: name }
    if (group === 'model') return { name: 'model_name', value: name }
    return group === 'team' && teamId ? { name: 'team_id', value: teamId } : null
  }
  /** A name leads to its own costs, a day to that day: both in one step, which Back undoes. */
  const pickSeries = (one: Series | null, day?: Day) => {
    const filter = one && filterOfSeries(one)
    choice.narrow({
      ...(filter ? { filters: withFilter(choice.choice().filters, filter) } : {}),
      ...(day ? { range: { start: day, end: day } } : {}),
    })
  }

  const refusal = () => (isZoneRefused(spend.daily.error) ? spend.daily.error : null)

  return (
    <Show
      when={!refusal()}
      fallback={
        <ZoneRefused zone={choice.choice().zone} error={refusal()} onUtc={() => choice.change({ zone: 'UTC' })} />
      }
    >
      <Show
        when={!nothing() && !showsFirstRun()}
        fallback={
          <Show when={!showsFirstRun()} fallback={<FirstRun user={props.user} state={firstRun} />}>
            <EmptyWindow
              user={props.user}
              choice={choice}
              extent={spend.extent}
              reconciliation={spend.reconciliation}
            />
          </Show>
        }
      >
        <Freshness extent={spend.extent} latest={insight.latest} />
        <AnomalyLine today={choice.today()} />
        <LastFigures queries={[spend.daily, spend.reconciliation, spend.byTeam]} />
        <SummaryCards
          {...{ spend, choice }}
          comparison={comparison()}
          isPartial={isPartial()}
          carriedUsd={settled(insight.waste)?.total.carriedCostUsd}
          onUsage={() => choice.change({ basis: 'usage' })}
        />
        <AnswerInShort user={props.user} {...{ choice, spend, insight }} comparison={comparison()} />
        <ReconciliationLine
          query={spend.reconciliation}
          asked={choice.choice().basis}
          explain={(kind) => explainFigure(choice.choice(), choice.choice().range, kind)}
        />
        <A class="to-utilization no-print" href={`/utilization${location.search}`}>
          Utilisation: what was held, busy and idle
        </A>
        <TokensLine choice={choice} />
        <div class="screen-only">
          <TrendPanel
            choice={choice}
            query={spend.daily}
            group={choice.choice().group}
            csvPath={`/api/v1/analytics/cost/daily?${choice.queryString()}&group_by=${choice.choice().group}`}
            painter={painter}
            onGroup={(group) => choice.change({ group })}
            onPick={pickSeries}
          />
        </div>
        <BudgetsPanel
          insight={insight}
          today={choice.today()}
          billedDay={settled(spend.extent)?.lastDay ?? null}
          mayEdit={props.user.role === 'admin' || props.user.role === 'finance'}
          addressOf={(teamId) =>
            addressOf(
              '/explore',
              { range: { preset: 'this-month' }, filters: [{ name: 'team_id', value: teamId }] },
              { by: 'model' },
            )
          }
        />
        <Show when={isPrinting()}>
          <Paper spend={spend} choice={choice.choice()} painter={painter} />
        </Show>
        <div class="screen-only">
          <Breakdowns spend={spend} choice={choice} painter={painter} />
        </div>
        <p class="note no-print">
          <A href="/statements">Statements</A>: what each team is charged for a month, to close, print and hand out.
        </p>
        <Show when={!isPartial()}>
          <p class="note no-print">
            <A href={`/gpu-hour${location.search}`}>What a GPU-hour costs</A>: nodes split into GPU, CPU and memory, by
            a named method.
          </p>
        </Show>
      </Show>
    </Show>
  )
}

/** No cost on any day; a credit that cancels a cost is not nothing. */
function isNothing(daily: Daily): boolean {
  return seriesOf(daily).every(({ costUsd }) => costUsd.every((cost) => isZeroUsd(cost)))
}
