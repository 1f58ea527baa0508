import { useSearchParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { parseDay } from '../../db/units/time.ts'
import { ChartPanel } from '../charts/chart-panel.tsx'
import { BASES } from '../choice/choice.ts'
import { useChoice } from '../choice/use-choice.ts'
import { PageHeading } from '../components/page-heading.tsx'
import { NoTeam, PartialNote } from '../components/partial-note.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import { formatDays } from '../format/day.ts'
import { isWithoutTeam, type User, useUser } from '../user.ts'
import { NoTokens } from './tokens/no-tokens.tsx'
import { TokenCards } from './tokens/token-cards.tsx'
import { TokenChart } from './tokens/token-chart.tsx'
import { readGroup, TOKEN_GROUPS, type TokenGroup, useTokenTotal } from './tokens/token-queries.ts'
import { TokenTable } from './tokens/token-table.tsx'

/** Who used how many tokens of which model, and what they cost as far as anybody knows. */
export default function TokensPage() {
  const user = useUser()
  return (
    <Show when={user()}>
      {(known) => (
        <Show when={!isWithoutTeam(known())} fallback={<NobodysTokens />}>
          <Tokens user={known()} />
        </Show>
      )}
    </Show>
  )
}

function NobodysTokens() {
  return (
    <div class="page">
      <PageHeading title="Token usage" />
      <NoTeam>Token usage is shown to the teams that it is of.</NoTeam>
    </div>
  )
}

function Tokens(props: { user: User }) {
  const choice = useChoice(() => BASES)
  const [params, setParams] = useSearchParams<{ by?: string }>()
  const group = () => readGroup(params.by)
  const total = useTokenTotal(choice.days, group)
  const answer = () => (total.isPending ? undefined : total.data)
  /** While another grouping is on its way, the table and its title are still of the one before. */
  const shown = () => answer()?.groupBy ?? group()
  const isEmpty = () => answer()?.total.recordCount === 0
  const csvPath = () => {
    const { start, end } = choice.days()
    return `/api/v1/token-usage/total?${new URLSearchParams({ start, end, group_by: group() })}`
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
            report or a FOCUS export.
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
      <Show
        when={!isEmpty()}
        fallback={<NoTokens user={props.user} days={choice.days()} onJump={(range) => choice.change({ range })} />}
      >
        <TokenCards total={answer()?.total} />
        <ChartPanel
          id="tokens"
          title={`By ${TOKEN_GROUPS[shown()][0].toLowerCase()}`}
          about={`Tokens, ${formatDays(choice.days().start, choice.days().end)}`}
          query={total}
          minHeight={280}
          isEmpty={() => false}
          empty={null}
          csv={{ path: csvPath(), fileName: `heliox-tokens-by-${group()}.csv` }}
          controls={<GroupSwitch group={group()} onPick={(by) => setParams({ by: by === 'model' ? null : by })} />}
          chart={(data) => <TokenChart answer={data()} group={shown()} onDay={showDay} />}
          table={(data) => <TokenTable answer={data()} group={shown()} onDay={showDay} />}
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
