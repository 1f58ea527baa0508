import { useNavigate } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createMemo, For, Show } from 'solid-js'
import type { Day } from '../../db/units/time.ts'
import { api } from '../api.ts'
import { ChartPanel } from '../charts/chart-panel.tsx'
import { useZoom } from '../charts/zoom.ts'
import { BASES, BILL_FILTERS, FILTERS, type Filter, TEAM_BASES, withFilter } from '../choice/choice.ts'
import { addressOf, explainFigure, jobsOf } from '../choice/doors.ts'
import { costFacts, type Fact } from '../choice/how-facts.ts'
import { daysOfPeriod, type Range } from '../choice/range.ts'
import { useChoice } from '../choice/use-choice.ts'
import { BasisSwitch } from '../components/basis-switch.tsx'
import { CompareSelect } from '../components/compare-select.tsx'
import { FilterChips } from '../components/filter-chips.tsx'
import { InTeam } from '../components/in-team.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { PartialNote } from '../components/partial-note.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import { SplitBy } from '../components/split-by.tsx'
import { TotalLine } from '../components/total-line.tsx'
import { TrendTable } from '../components/trend-table.tsx'
import { aboutOf } from '../format/about.ts'
import { fileNameOf } from '../format/file-name.ts'
import { leftOverWords } from '../format/left-over-words.ts'
import { formatUsd } from '../format/usd.ts'
import { useTeams } from '../teams.ts'
import type { User } from '../user.ts'
import { CutNote } from './explore/cut-note.tsx'
import {
  COSTS,
  type Cost,
  filterOf,
  groupNames,
  isTime,
  labelOfGroup,
  TIMES,
  TOPS,
  useExploreChoice,
} from './explore/explore-choice.ts'
import { ExplorerChart, titleOf, writtenAs } from './explore/explorer-chart.tsx'
import { type Explored, type ExploredRow, ExplorerTable } from './explore/explorer-table.tsx'
import { FilterPicker } from './explore/filter-picker.tsx'
import { GroupPicker } from './explore/group-picker.tsx'
import { NotAdditive } from './overview/not-additive.tsx'
import { isZoneRefused, ZoneRefused } from './overview/zone-refused.tsx'
import { MonthHint } from './statements/month-hint.tsx'

/** Any question about who spent what: grouped by one or two names, filtered by any, compared with the days or the year before. */
export default function ExplorePage() {
  return (
    <InTeam title="Explore" why="Costs are shown to the teams that they are of.">
      {(user) => <Explorer user={user()} />}
    </InTeam>
  )
}

/** A label inside a sentence: "team", "GPU type". */
function wordOf(name: string): string {
  return labelOfGroup(name).replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())
}

const MOST_WAYS = 4
/** As many rows as the server gives their own, and as many columns as fit a usual screen. */
const MOST_ROWS = 200
const FITTING = 6
/** As many periods as its box shows at once. */
const FITTING_DAYS = 10
/** What a filter's values are grouped under, where the names differ. */
const GROUP_OF: Record<string, string> = { team_id: 'team', model_name: 'model' }

/** Whether one name has all of the cost. */
function isOne({ rows }: Explored): boolean {
  return rows.length === 1 && rows[0]?.kind === 'owner' && rows[0].names.length > 0
}

function Explorer(props: { user: User }) {
  const navigate = useNavigate()
  const bases = () => (props.user.seesWholeCompany ? BASES : TEAM_BASES)
  const choice = useChoice(bases, true)
  const asked = useExploreChoice(() => props.user.seesWholeCompany)
  const isForeign = ({ name, value }: Filter) =>
    !props.user.seesWholeCompany &&
    (BILL_FILTERS.includes(name) || (name === 'team_id' && !props.user.teams.some(({ id }) => id === value)))
  const question = () => ({
    ...choice.question(),
    groupBy: asked.groupBy(),
    cost: asked.cost(),
    top: asked.top(),
    compare: asked.comparison(),
  })
  const answer = useQuery(() => ({
    queryKey: ['analytics.explore', question()],
    queryFn: () => api.analytics.explore.query(question()),
    enabled: !choice.choice().filters.some(isForeign),
  }))
  const refusal = () => (isZoneRefused(answer.error) ? answer.error : null)
  const time = () => asked.groupBy().find(isTime)
  const names = () => asked.groupBy().filter((name) => !isTime(name))
  const zoom = useZoom(choice)
  const wholeQuestion = () => ({ ...question(), ...zoom.whole() })
  /** The same question of the whole of a long range: the answer that the chart had before it looked closer. */
  const whole = useQuery(() => ({
    queryKey: ['analytics.explore', wholeQuestion()],
    queryFn: () => api.analytics.explore.query(wholeQuestion()),
    enabled: time() === 'day' && zoom.whole() !== null && !choice.choice().filters.some(isForeign),
  }))
  const wholeAmounts = createMemo(() => {
    const data = whole.isPending || whole.isPlaceholderData ? undefined : whole.data
    return data?.periods?.map((_, at) => data.rows.reduce((sum, { costUsd }) => sum + Number(costUsd?.[at] ?? 0), 0))
  })
  const pickName = (group: string, name: string, row: ExploredRow) => {
    const filter = filterOf(group, name, row.teamId)
    if (filter) choice.addFilter(filter)
  }
  /** A row leads to its own costs, a period of it to those days, what nobody had to how it was made: one step for Back. */
  const pickRow = (row: ExploredRow | null, period?: string) => {
    const days = period ? daysOfPeriod(period, time() ?? 'day', choice.days()) : null
    const address =
      row && row.kind !== 'owner' && row.kind !== 'other' ? explain(row.kind, [], days ?? undefined) : undefined
    if (address) return navigate(address)
    const own = row?.kind === 'owner' ? filtersOf(row).filter((filter) => filter !== null) : []
    const filters = own.reduce<readonly Filter[]>(withFilter, choice.choice().filters)
    if (own.length > 0 || days) choice.narrow({ ...(days ? { range: days } : {}), filters })
  }
  const explain = (
    kind: ExploredRow['kind'],
    filters: readonly (Filter | null)[],
    range: Range = choice.choice().range,
  ) => explainFigure(choice.choice(), range, kind, filters, asked.cost())
  /** What a row is of; null among them is a name that cannot be filtered by. */
  const filtersOf = (row: ExploredRow) =>
    names().flatMap((group, at) => {
      const name = row.names[at] ?? ''
      return name.startsWith('__') ? [] : [filterOf(group, name, row.teamId)]
    })
  /** Why a total has no rows behind it to show. */
  const whyNoRows = (): readonly Fact[] => {
    if (explain('total', [])) return []
    const { basis, zone, filters } = choice.choice()
    const billOnly = filters.find(({ name }) => BILL_FILTERS.includes(name))
    if (basis === 'exposure') return [['Rows behind it', 'None: by exposure nothing adds up.']]
    if (zone !== 'UTC') return [['Rows behind it', 'Shown for UTC days: the ledger is kept in them.']]
    if (!billOnly) return []
    const name = FILTERS[billOnly.name].replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())
    return [['Rows behind it', `Jobs know no ${name}: the bill lines say it.`]]
  }
  const explainRow = (row: ExploredRow) => explain(row.kind, filtersOf(row))
  const explainPeriod = (row: ExploredRow | undefined, period: string | undefined) => {
    const days = period ? daysOfPeriod(period, time() ?? 'day', choice.days()) : null
    if (!days) return undefined
    return row ? explain(row.kind, filtersOf(row), days) : explain('total', [], days)
  }
  const jobsOfRow = (row: ExploredRow) => {
    const own = filtersOf(row)
    if (row.kind !== 'owner' || own.some((filter) => filter === null || filter.value === '')) return undefined
    const known = own.filter((filter) => filter !== null)
    const others = choice.choice().filters.filter(({ name }) => !known.some((filter) => filter.name === name))
    return jobsOf(choice.choice().range, [...others, ...known])
  }
  const csvPath = (top = asked.top()) => {
    const more = new URLSearchParams(asked.groupBy().map((name) => ['group_by', name]))
    if (asked.comparison() !== 'none') more.set('compare', asked.comparison())
    return `/api/v1/analytics/explore?${choice.queryString()}&${more}&cost=${asked.cost()}&top=${top}`
  }
  /** What the one name that is left can be split by, with what else was chosen. */
  const ways = () => {
    const taken = [...names(), ...choice.choice().filters.map(({ name }) => GROUP_OF[name] ?? name)]
    const others = Object.entries(groupNames(props.user.seesWholeCompany)).filter(
      ([name]) => name !== 'tag' && !isTime(name) && !taken.includes(name),
    )
    const more = {
      ...(asked.cost() === 'effective' ? {} : { cost: asked.cost() }),
      ...(asked.comparison() === 'none' ? {} : { compare: asked.comparison() }),
    }
    const { range, zone, basis, filters } = choice.choice()
    return others
      .slice(0, MOST_WAYS)
      .map(
        ([name, label]) =>
          [
            label,
            addressOf(
              '/explore',
              { range, zone, basis, filters },
              { by: [...(time() ? [time()!] : []), name], ...more },
            ),
          ] as const,
      )
  }
  const fileName = () => fileNameOf('explore', asked.groupBy(), choice.days())
  /** The lines of the bill on these days and pools, for who may see them: no filter of owners narrows them. */
  const linesHref = () => {
    const of = (wanted: string) => choice.choice().filters.filter(({ name }) => name === wanted)
    const pool = [...of('provider').slice(0, 1), ...of('gpu_type').slice(0, 1)]
    return props.user.seesWholeCompany ? addressOf('/costs', { range: choice.days(), filters: pool }) : ''
  }
  const { teams } = useTeams(() => choice.choice().filters.some(({ name }) => name === 'team_id'))
  const labelOf = ({ name, value }: Filter) =>
    name === 'team_id' ? (teams()?.find(({ id }) => id === value)?.name ?? value) : value || '(none)'
  return (
    <div class="page">
      <div class="page-head">
        <PageHeading title="Explore" />
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
        </div>
      </div>
      <PartialNote user={props.user}>Totals leave out the rest of the company.</PartialNote>
      <fieldset class="panel explore-controls" aria-label="What is asked">
        <GroupPicker seesWholeCompany={props.user.seesWholeCompany} groupBy={asked.groupBy()} onPick={asked.group} />
        <label class="inline-field">
          <span>Cost</span>
          <select value={asked.cost()} onChange={(event) => asked.pickCost(event.currentTarget.value as Cost)}>
            <For each={Object.entries(COSTS)}>
              {([cost, [label, meaning]]) => (
                <option value={cost} title={meaning}>
                  {label}
                </option>
              )}
            </For>
          </select>
        </label>
        <label class="inline-field">
          <span>Rows</span>
          <select value={asked.top()} onChange={(event) => asked.pickTop(Number(event.currentTarget.value))}>
            <For each={TOPS}>{(top) => <option value={top}>{top}</option>}</For>
          </select>
        </label>
        <CompareSelect comparison={asked.comparison()} onPick={asked.compare} />
        <FilterPicker
          seesWholeCompany={props.user.seesWholeCompany}
          question={choice.question()}
          onPick={choice.addFilter}
        />
      </fieldset>
      <FilterChips
        filters={choice.choice().filters}
        labelOf={labelOf}
        onRemove={choice.removeFilter}
        onClear={() => choice.change({ filters: [] })}
      />
      <Show
        when={!choice.choice().filters.some(isForeign)}
        fallback={
          <section class="panel empty">
            <p>This link asks about what your role does not see: take its filters off.</p>
          </section>
        }
      >
        <Show
          when={!refusal()}
          fallback={
            <ZoneRefused zone={choice.choice().zone} error={refusal()} onUtc={() => choice.change({ zone: 'UTC' })} />
          }
        >
          <ChartPanel
            id="explore"
            title={`Cost by ${asked.groupBy().map(wordOf).join(' and ')}`}
            about={aboutOf(
              `${COSTS[asked.cost()][0]} cost`,
              choice.days(),
              choice.choice().basis,
              answer.isPending ? undefined : answer.data?.totalCostUsd,
            )}
            query={answer}
            minHeight={350}
            isEmpty={(data) => data.rows.length === 0}
            empty={<p>Nothing was billed on these days. Choose others, or take a filter off.</p>}
            csv={{ path: csvPath(), fileName: fileName() }}
            above={(data) => (
              <>
                <NotAdditive isAdditive={data().isAdditive} />
                <TotalLine
                  title={data().isAdditive ? 'Total' : 'Bill'}
                  amount={data().totalCostUsd}
                  href={explain('total', [])}
                  compared={{
                    comparison: asked.comparison(),
                    before: data().previousTotalCostUsd,
                    days: data().previousDays,
                  }}
                  how={{
                    formula: data().how,
                    facts: [
                      ...costFacts(choice.choice(), choice.days(), {
                        isPartial: !props.user.seesWholeCompany,
                        cost: asked.cost(),
                      }),
                      ...whyNoRows(),
                    ],
                    href: explain('total', []),
                    doors: [
                      ['Jobs', jobsOf(choice.choice().range, choice.choice().filters)],
                      ['Bill lines', linesHref()],
                    ],
                  }}
                />
              </>
            )}
            chart={(data) => (
              <ExplorerChart
                {...{ zoom, onPick: pickRow }}
                answer={data()}
                time={time()}
                names={names()}
                shown={choice.days()}
                amounts={wholeAmounts()}
              />
            )}
            table={(data) => (
              <>
                <CutNote
                  answer={data()}
                  isWide={(data().periods?.length ?? 0) > 0 && data().rows.length > FITTING}
                  isLong={(data().periods?.length ?? 0) > FITTING_DAYS}
                  path={csvPath(MOST_ROWS)}
                  fileName={fileName()}
                />
                <Show when={data().periods}>
                  {(periods) => (
                    <TrendTable
                      caption={`Cost by ${asked.groupBy().map(wordOf).join(' and ')}`}
                      days={periods().map((period) => (period.length === 7 ? `${period}-01` : period) as Day)}
                      written={{ of: TIMES[time() ?? 'day'], full: writtenAs(time()).full }}
                      series={data().rows.map((row) => ({
                        name: titleOf(row),
                        kind: row.kind,
                        costUsd: row.costUsd ?? [],
                        row,
                      }))}
                      totalCostUsd={data().totalCostUsd}
                      explain={(one, day) =>
                        explainPeriod(
                          one?.row,
                          periods().find((period) => day.startsWith(period)),
                        )
                      }
                      onPick={({ row }) => pickRow(row)}
                    />
                  )}
                </Show>
                <ExplorerTable
                  answer={data()}
                  names={names()}
                  comparison={asked.comparison()}
                  onPick={pickName}
                  explain={(row) => (row ? explainRow(row) : explain('total', []))}
                  jobs={jobsOfRow}
                />
              </>
            )}
            below={(data) => (
              <>
                <SplitBy isOne={isOne(data())} name={titleOf(data().rows[0]!)} ways={isOne(data()) ? ways() : []} />
                <Show when={props.user.seesWholeCompany && leftOverWords(choice.choice().basis)}>
                  {(words) => <p class="note">{words()}</p>}
                </Show>
                <Show when={data().unlistedCostUsd && data().unlistedCostUsd !== '0.00'}>
                  <p class="note is-warning">
                    {formatUsd(data().unlistedCostUsd ?? '0.00')} of effective cost states no list price, and is not in
                    these figures.
                  </p>
                </Show>
                <MonthHint days={choice.days()} zone={choice.choice().zone} />
              </>
            )}
          />
        </Show>
      </Show>
    </div>
  )
}
