import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { api } from '../api.ts'
import { BandChart, type BandDay } from '../charts/band-chart.tsx'
import { ChartPanel } from '../charts/chart-panel.tsx'
import { BASES, BILL_FILTERS, type Filter, TEAM_BASES } from '../choice/choice.ts'
import { useChoice } from '../choice/use-choice.ts'
import { FilterChips } from '../components/filter-chips.tsx'
import { InTeam } from '../components/in-team.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { PartialNote } from '../components/partial-note.tsx'
import { formatDay, formatDays, formatFullDay } from '../format/day.ts'
import { fileNameOf } from '../format/file-name.ts'
import { rowName } from '../format/row-name.ts'
import { useTeams } from '../teams.ts'
import type { User } from '../user.ts'
import { BacktestPanel } from './forecast/backtest-panel.tsx'
import {
  type ForecastSeries,
  formatAmount,
  formatTick,
  GROUPS,
  type Group,
  HORIZONS,
  isTooShort,
  MEASURES,
  type Measure,
  questionOfForecast,
  useForecastChoice,
} from './forecast/forecast-choice.ts'
import { MonthCards } from './forecast/month-cards.tsx'
import { OutlookPanel } from './forecast/outlook-panel.tsx'

/** What the next days and the month will cost, how sure that is, and which budgets will not hold. */
export default function ForecastPage() {
  return (
    <InTeam title="Forecast" why="Costs are shown to the teams that they are of.">
      {(user) => <ForecastOf user={user()} />}
    </InTeam>
  )
}

/** Days that were, drawn before those to come. */
const MOST_BEFORE = 60

function ForecastOf(props: { user: User }) {
  const choice = useChoice(() => (props.user.seesWholeCompany ? BASES : TEAM_BASES))
  const asked = useForecastChoice()
  const filters = () => choice.choice().filters
  const isForeign = ({ name, value }: Filter) =>
    !props.user.seesWholeCompany &&
    (BILL_FILTERS.includes(name) || (name === 'team_id' && !props.user.teams.some(({ id }) => id === value)))
  const question = () => ({
    ...questionOfForecast(choice.question(), choice.choice()),
    ...{ measure: asked.measure(), days: asked.horizon(), groupBy: asked.group() },
  })
  const query = useQuery(() => ({
    queryKey: ['analytics.forecast', question()],
    queryFn: () => api.analytics.forecast.query(question()),
    enabled: !filters().some(isForeign),
  }))
  const answer = () => (query.isPending ? undefined : query.data)
  const one = () => answer()?.series[asked.shown()] ?? answer()?.series[0]
  const { teams } = useTeams(() => filters().some(({ name }) => name === 'team_id'))
  const labelOf = ({ name, value }: Filter) =>
    name === 'team_id' ? (teams()?.find(({ id }) => id === value)?.name ?? value) : value || '(none)'
  const csvPath = () => {
    const more = { measure: asked.measure(), days: String(asked.horizon()), group_by: asked.group() }
    const own = filters().map(({ name, value }) => [name, value])
    return `/api/v1/analytics/forecast?${new URLSearchParams([...Object.entries(more), ['basis', question().basis], ...own])}`
  }
  const daysOf = ({ recent, days }: ForecastSeries): BandDay[] => [
    ...recent.slice(-MOST_BEFORE).map(({ day, actual }) => ({ day, actual })),
    ...days.map(({ day, point, ...limits }) => ({ day, point, limits })),
  ]
  const nameOf = (series: ForecastSeries) =>
    series.kind === 'total'
      ? 'Total'
      : series.kind === 'other'
        ? 'All others'
        : rowName({ name: series.name, kind: series.kind })
  return (
    <div class="page forecast-page">
      <div class="page-head">
        <div>
          <PageHeading title="Forecast" />
          <p class="note">
            From complete days only
            <Show when={answer()}>{(data) => <>: the last one is {formatFullDay(data().historyEnd)}</>}</Show>.
          </p>
        </div>
      </div>
      <PartialNote user={props.user}>Forecasts leave out the rest of the company.</PartialNote>
      <fieldset class="panel explore-controls" aria-label="What is forecast">
        <Pick
          label="Forecast"
          value={asked.measure()}
          from={MEASURES}
          onPick={(next) => asked.pickMeasure(next as Measure)}
        />
        <Pick label="How far" value={String(asked.horizon())} from={HORIZONS} onPick={asked.pickHorizon} />
        <Pick label="By" value={asked.group()} from={GROUPS} onPick={(next) => asked.pickGroup(next as Group)} />
        <Show when={(answer()?.series.length ?? 0) > 1}>
          <label class="inline-field">
            <span>{GROUPS[asked.group()]}</span>
            <select value={asked.shown()} onChange={(event) => asked.pickShown(Number(event.currentTarget.value))}>
              <For each={answer()?.series}>{(series, at) => <option value={at()}>{nameOf(series)}</option>}</For>
            </select>
          </label>
        </Show>
      </fieldset>
      <FilterChips
        filters={filters()}
        labelOf={labelOf}
        onRemove={choice.removeFilter}
        onClear={() => choice.change({ filters: [] })}
      />
      <Show
        when={!filters().some(isForeign)}
        fallback={
          <section class="panel empty">
            <p>This link asks about what your role does not see: take its filters off.</p>
          </section>
        }
      >
        <Show when={!isTooShort(query.error)} fallback={<TooShort words={query.error?.message ?? ''} />}>
          <MonthCards forecast={answer()} isFailed={query.isError} of={one()} filters={filters()} />
          <ChartPanel
            id="days"
            title={`${MEASURES[asked.measure()]} a day${one() && one()!.kind !== 'total' ? `: ${nameOf(one()!)}` : ''}`}
            about="Forecast with its 80 % and 95 % bands"
            query={query}
            minHeight={330}
            isEmpty={({ series }) => series.length === 0}
            empty={<p>Nothing was billed yet.</p>}
            csv={{
              path: csvPath(),
              fileName: fileNameOf('forecast', [asked.measure(), asked.group()], choice.days()),
            }}
            chart={(data) => (
              <Show when={one()}>
                {(series) => (
                  <BandChart
                    label={summaryOf(series(), data().measure)}
                    days={daysOf(series())}
                    format={(amount) => formatAmount(data().measure, amount)}
                    formatTick={(position) => formatTick(data().measure, position)}
                  />
                )}
              </Show>
            )}
            table={(data) => (
              <Show when={one()}>{(series) => <DaysTable of={series()} measure={data().measure} />}</Show>
            )}
            below={(data) => (
              <>
                <ul class="legend forecast-legend">
                  <li>
                    <i class="swatch" style={{ background: 'var(--text)' }} /> Actual
                  </li>
                  <li>
                    <i class="swatch" style={{ background: 'var(--series-1)' }} /> Forecast, with the bands in which 80
                    % and 95 % of days lie
                  </li>
                </ul>
                <ul class="forecast-assumes note">
                  <For each={data().assumes}>{(words) => <li>{words}</li>}</For>
                </ul>
              </>
            )}
          />
          <Show when={one()}>{(series) => <BacktestPanel of={series()} />}</Show>
        </Show>
        <OutlookPanel mayEdit={props.user.role === 'admin' || props.user.role === 'finance'} />
      </Show>
    </div>
  )
}

function Pick(props: {
  label: string
  value: string
  from: Readonly<Record<string, string>>
  onPick: (next: string) => void
}) {
  return (
    <label class="inline-field">
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.onPick(event.currentTarget.value)}>
        <For each={Object.entries(props.from).sort(byLength)}>
          {([value, words]) => <option value={value}>{words}</option>}
        </For>
      </select>
    </label>
  )
}

/** Numbers of days are sorted by the language already; what is no number stays where it is. */
function byLength([a]: [string, string], [b]: [string, string]): number {
  return Number.isNaN(Number(a)) || Number.isNaN(Number(b)) ? 0 : Number(a) - Number(b)
}

function TooShort(props: { words: string }) {
  return (
    <section class="panel empty is-large">
      <h2>Not enough history yet</h2>
      <p>{props.words}. Nothing is made up before that.</p>
      <A class="button is-primary" href="/imports">
        Import more days
      </A>
    </section>
  )
}

function DaysTable(props: { of: ForecastSeries; measure: Measure }) {
  const say = (amount: string) => formatAmount(props.measure, amount)
  return (
    <section class="table-scroll is-tall" tabindex="0" aria-label="Days to come">
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <For each={['Forecast', '80 % from', 'to', '95 % from', 'to']}>
              {(words) => (
                <th scope="col" class="number">
                  {words}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.of.days}>
            {({ day, point, low80, high80, low95, high95 }) => (
              <tr>
                <th scope="row">{formatDay(day)}</th>
                <For each={[point, low80, high80, low95, high95]}>
                  {(amount) => <td class="number">{say(amount)}</td>}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  )
}

/** The drawing in words. */
function summaryOf({ days }: ForecastSeries, measure: Measure): string {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return 'Not enough history for a forecast'
  const say = (amount: string) => formatAmount(measure, amount)
  return `Forecast of ${formatDays(first.day, last.day)}: ${say(first.point)} on ${formatDay(first.day)}, ${say(last.point)} on ${formatDay(last.day)}, which lies between ${say(last.low80)} and ${say(last.high80)} four times in five`
}
