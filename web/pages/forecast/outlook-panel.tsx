import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { Panel } from '../../components/panel.tsx'
import { formatDay } from '../../format/day.ts'
import { formatMonth } from '../../format/month.ts'
import { formatUsd } from '../../format/usd.ts'

type Outlook = Answers['analytics']['budgetOutlook']['outlooks'][number]

const WORDS = {
  over: ['Over', 'is-bad'],
  likely: ['Likely over', 'is-bad'],
  possible: ['Possibly over', 'is-warning'],
  unlikely: ['Within', 'is-good'],
  unknown: ['Unknown', ''],
} as const satisfies Record<Outlook['state'], readonly [string, string]>

/** How likely each monthly budget is passed before its month is over, and when; each name leads to its cost. */
export function OutlookPanel(props: { mayEdit: boolean }) {
  const query = useQuery(() => ({
    queryKey: ['analytics.budgetOutlook'],
    queryFn: () => api.analytics.budgetOutlook.query(),
  }))
  return (
    <Panel
      title="Budgets this month"
      anchor="budgets"
      query={query}
      minHeight={160}
      isEmpty={({ outlooks }) => outlooks.length === 0}
      empty={
        <p>
          No monthly budget is set.{' '}
          <Show when={props.mayEdit}>
            <A href="/teams">Set one for a team</A> or for <A href="/budgets">calls of models</A>.
          </Show>
        </p>
      }
    >
      {(data) => (
        <ul class="outlooks">
          <For each={data().outlooks}>{(one) => <OutlookLine of={one} />}</For>
        </ul>
      )}
    </Panel>
  )
}

function OutlookLine(props: { of: Outlook }) {
  const words = () => WORDS[props.of.state]
  return (
    <li>
      <div class="outlook-head">
        <A href={props.of.href}>{props.of.name}</A>
        <span class={`badge ${words()[1]}`}>{words()[0]}</span>
        <span class="outlook-chance">
          {props.of.breachProbability === null || props.of.state === 'over'
            ? ''
            : `${Math.round(props.of.breachProbability * 100)} % likely to pass it`}
        </span>
      </div>
      <p class="note">
        {formatUsd(props.of.spentUsd)} of {formatUsd(props.of.budgetUsd)} spent
        <Show when={props.of.month !== ''}> in {formatMonth(props.of.month)}</Show>
        <Show when={props.of.spentThrough}>{(day) => <> through {formatDay(day())}</>}</Show>
        <Show when={props.of.expectedUsd !== null}>
          ; expected {formatUsd(props.of.expectedUsd)} by its end, four times in five between{' '}
          {formatUsd(props.of.low80Usd)} and {formatUsd(props.of.high80Usd)}
        </Show>
        .
        <Show when={props.of.state !== 'over' && props.of.breachDay}>
          {(day) => <> Passed around {formatDay(day())}</>}
        </Show>
        <Show
          when={props.of.state !== 'over' && props.of.breachDay && props.of.breachEarliest && props.of.breachLatest}
        >
          {' '}
          (between {formatDay(props.of.breachEarliest!)} and {formatDay(props.of.breachLatest!)}).
        </Show>
        <Show when={props.of.state === 'over' || props.of.state === 'unknown'}> {props.of.why}</Show>
      </p>
    </li>
  )
}
