import { A, useSearchParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { type Day, parseDay } from '../../db/units/time.ts'
import { ChartPanel } from '../charts/chart-panel.tsx'
import { BASES, type Filter } from '../choice/choice.ts'
import { useChoice } from '../choice/use-choice.ts'
import { FilterChips } from '../components/filter-chips.tsx'
import { InTeam } from '../components/in-team.tsx'
import { LastFigures } from '../components/not-up-to-date.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { PartialNote } from '../components/partial-note.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import { formatDays } from '../format/day.ts'
import { fileNameOf } from '../format/file-name.ts'
import { useTeams } from '../teams.ts'
import type { User } from '../user.ts'
import { NoTokens } from './tokens/no-tokens.tsx'
import { TokenCards } from './tokens/token-cards.tsx'
import { TokenChart } from './tokens/token-chart.tsx'
import {
  doorOf,
  narrowedBy,
  readGroup,
  TOKEN_GROUPS,
  type TokenGroup,
  type TokenRow,
  tokenFilters,
  useTokenTotal,
} from './tokens/token-queries.ts'
import { TokenTable } from './tokens/token-table.tsx'

/** Who used how many tokens of which model, and what they cost as far as anybody knows. */
export default function TokensPage() {
  return (
    <InTeam title="Token usage" why="Token usage is shown to the teams that it is of.">
      {(user) => <Tokens user={user()} />}
    </InTeam>
  )
}

function Tokens(props: { user: User }) {
  const choice = useChoice(() => BASES)
  const [params, setParams] = useSearchParams<{ by?: string }>()
  const group = () => readGroup(params.by)
  const filters = () => tokenFilters(choice.choice().filters)
  const total = useTokenTotal(choice.days, group, filters)
  const answer = () => (total.isPending ? undefined : total.data)
  /** While another grouping is on its way, the table and its title are still of the one before. */
  const shown = () => answer()?.groupBy ?? group()
  const isEmpty = () => answer()?.total.recordCount === 0
  const csvPath = () => {
    const { start, end } = choice.days()
    const narrowed = filters().map(({ name, value }) => [name === 'model_name' ? 'model' : name, value])
    return `/api/v1/token-usage/total?${new URLSearchParams([...Object.entries({ start, end, group_by: group() }), ...narrowed])}`
  }
  const { teams } = useTeams(() => filters().some(({ name }) => name === 'team_id'))
  const labelOf = ({ name, value }: Filter) =>
    name === 'team_id' ? (teams()?.find(({ id }) => id === value)?.name ?? value) : value
  const pick = (row: TokenRow) => {
    const door = doorOf(row, shown())
    if (door === null) return
    if ('day' in door) choice.change({ range: { start: door.day as Day, end: door.day as Day } })
    else choice.change({ filters: narrowedBy(choice.choice().filters, door) })
  }
  const showDay = (text: string) => {
    const day = parseDay(text)
    if (day) choice.change({ range: { start: day, end: day } })
  }
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Token usage" />
          <p class="note tokens-note">
            These amounts are in no bill, so that nothing counts twice: what a provider charges comes from its cost
            report or a FOCUS export. Calls of our own gateway stand one by one under{' '}
            <A class="link" href="/requests">
              Requests
            </A>
            .
          </p>
        </div>
        <div class="toolbar">
          <RangePicker
            range={choice.choice().range}
            days={choice.days()}
            today={choice.today()}
            onPick={(range) => choice.change({ range })}
          />
        </div>
      </div>
      <PartialNote user={props.user}>Totals leave out the rest of the company.</PartialNote>
      <FilterChips
        filters={filters()}
        labelOf={labelOf}
        onRemove={choice.removeFilter}
        onClear={() => choice.change({ filters: [] })}
      />
      <Show
        when={!isEmpty() || filters().length > 0}
        fallback={<NoTokens user={props.user} days={choice.days()} onJump={(range) => choice.change({ range })} />}
      >
        {/* Without an answer there is nothing to wait for: the panel says why. */}
        <Show when={answer() || !total.isError}>
          <LastFigures queries={[total]} />
          <TokenCards total={answer()?.total} days={choice.days()} />
        </Show>
        <ChartPanel
          id="tokens"
          title={`By ${TOKEN_GROUPS[shown()][0].toLowerCase()}`}
          about={`Tokens, ${formatDays(choice.days().start, choice.days().end)}`}
          query={total}
          minHeight={280}
          isEmpty={({ rows }) => rows.length === 0}
          empty={<p>No calls on these days with these filters.</p>}
          csv={{ path: csvPath(), fileName: fileNameOf('tokens', [group()], choice.days()) }}
          controls={<GroupSwitch group={group()} onPick={(by) => setParams({ by: by === 'model' ? null : by })} />}
          chart={(data) => <TokenChart answer={data()} group={shown()} onDay={showDay} />}
          table={(data) => <TokenTable answer={data()} group={shown()} onPick={pick} />}
        />
      </Show>
    </div>
  )
}

function GroupSwitch(props: { group: TokenGroup; onPick: (group: TokenGroup) => void }) {
  return (
    <label class="inline-field">
      <span>By</span>
      <select value={props.group} onChange={(event) => props.onPick(readGroup(event.currentTarget.value))}>
        <For each={Object.entries(TOKEN_GROUPS)}>{([group, [name]]) => <option value={group}>{name}</option>}</For>
      </select>
    </label>
  )
}
