import { A } from '@solidjs/router'
import { createMemo, For, Show } from 'solid-js'
import { Panel } from '../../components/panel.tsx'
import { formatRatio } from '../../format/change.ts'
import { formatMonth } from '../../format/month.ts'
import { formatUsd } from '../../format/usd.ts'
import { type BudgetUse, budgetUse } from './budgets.ts'
import { type Insight, settled } from './insight-queries.ts'

const MOST = 6
const WORDS = { over: 'Over budget', fast: 'On the way over', within: 'Within' } as const

/** How far each team is in its budget of this month, whatever days the page is about. */
export function BudgetsPanel(props: {
  insight: Insight
  today: string
  billedDay: string | null
  mayEdit: boolean
  addressOf: (teamId: string) => string
}) {
  const month = () => formatMonth(props.today.slice(0, 7))
  const uses = createMemo(() =>
    budgetUse(
      settled(props.insight.teams)?.teams ?? [],
      settled(props.insight.month)?.rows ?? [],
      props.today,
      props.billedDay,
    ),
  )
  return (
    <Panel
      title={`Team budgets in ${month()}`}
      class="budgets"
      query={props.insight.month}
      minHeight={150}
      isEmpty={() => uses().length === 0}
      empty={
        <p>
          No team has a monthly budget.{' '}
          <Show when={props.mayEdit}>
            <A href="/teams">Set one</A> to see here who is on the way over it.
          </Show>
        </p>
      }
      actions={
        <>
          <A href="/teams">All teams</A>
          <A href="/budgets">Budgets for calls of models</A>
        </>
      }
    >
      {() => (
        <ul class="budget-list">
          <For each={uses().slice(0, MOST)}>{(use) => <BudgetLine use={use} href={props.addressOf(use.teamId)} />}</For>
        </ul>
      )}
    </Panel>
  )
}

function BudgetLine(props: { use: BudgetUse; href: string }) {
  const width = () => Math.min(1, props.use.share ?? 1) * 100
  return (
    <li class={`is-${props.use.state}`}>
      <div class="budget-line">
        <A class="budget-name" href={props.href}>
          {props.use.name}
        </A>
        <span class={`badge ${BADGES[props.use.state]}`}>{WORDS[props.use.state]}</span>
        <span class="budget-cost">
          {formatUsd(props.use.spentUsd)} <span class="muted">of {formatUsd(props.use.budgetUsd)}</span>
        </span>
      </div>
      <div class="budget-track" aria-hidden="true">
        <div style={{ width: `${Math.max(0, width())}%` }} />
      </div>
      <p class="note">
        {formatRatio(props.use.share)} used
        <Show when={props.use.expectedUsd !== null}>
          ; at this pace about {formatUsd(props.use.expectedUsd!.toFixed(0) as `${number}`).replace(/\.00$/, '')} by the
          end of the month
        </Show>
      </p>
    </li>
  )
}

const BADGES = { over: 'is-bad', fast: 'is-warning', within: 'is-good' } as const
