import { useSearchParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { BASES } from '../choice/choice.ts'
import { useChoice } from '../choice/use-choice.ts'
import { DownloadButton } from '../components/download-button.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { NoTeam, PartialNote } from '../components/partial-note.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import { isWithoutTeam, type User, useUser } from '../user.ts'
import { NoTokens } from './tokens/no-tokens.tsx'
import { TokenCards } from './tokens/token-cards.tsx'
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
        {/* Without an answer there is nothing to wait for: the panel says why. */}
        <Show when={answer() || !total.isError}>
          <TokenCards total={answer()?.total} />
        </Show>
        <Panel
          title={`By ${TOKEN_GROUPS[shown()][0].toLowerCase()}`}
          query={total}
          minHeight={280}
          isEmpty={() => false}
          empty={null}
          actions={
            <>
              <DownloadButton path={csvPath()} fileName={`heliox-tokens-by-${group()}.csv`} label="Download as CSV" />
              <GroupSwitch group={group()} onPick={(by) => setParams({ by: by === 'model' ? null : by })} />
            </>
          }
        >
          {(data) => <TokenTable answer={data()} group={shown()} />}
        </Panel>
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
