import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { FailureNote } from '../../components/failure-note.tsx'
import { FigureDoor } from '../../components/figure-door.tsx'
import { Skeleton } from '../../components/panel.tsx'
import { formatUsd } from '../../format/usd.ts'
import type { Action } from './actions.ts'

const MOST = 5

/** What is worth doing about the money, each with its amount and the way to it. `state` is that of the waste behind it. */
export function ActionsPanel(props: {
  actions: readonly Action[]
  state: 'loading' | 'failed' | 'unknown' | 'known'
  error: unknown
  onRetry: () => void
}) {
  return (
    <section class="panel todo" aria-labelledby="what-to-do" aria-busy={props.state === 'loading'}>
      <header class="panel-head">
        <h2 id="what-to-do">What to do about it</h2>
      </header>
      <div class="panel-body">
        <Show when={props.state !== 'loading'} fallback={<Skeleton label="Loading what to do" />}>
          <Show when={props.state === 'failed'}>
            <FailureNote title="Could not load this" error={props.error} onRetry={() => props.onRetry()} />
          </Show>
          <Show when={props.state === 'unknown'}>
            <p class="note">Waste is told of UTC days and without filters that only the bill knows.</p>
          </Show>
          <Show when={props.actions.length === 0 && props.state === 'known'}>
            <p>Nothing: what was paid for was used, and every budget holds.</p>
          </Show>
          <ul class="todo-list">
            <For each={props.actions.slice(0, MOST)}>
              {(action) => (
                <li>
                  <span class="todo-amount">
                    <Show when={action.amountUsd}>
                      {(amount) => <FigureDoor figure={formatUsd(amount())} href={action.href} door={action.link} />}
                    </Show>
                  </span>
                  <span class="todo-words">
                    <b>{action.title}</b>
                    <span class="note">{action.words}</span>
                  </span>
                  <A class="todo-link" href={action.href}>
                    {action.link}
                    <span class="visually-hidden">: {action.title}</span>
                  </A>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </div>
    </section>
  )
}
