import { For, Show } from 'solid-js'
import type { Answers } from '../../api.ts'

type Answer = Answers['analytics']['recommendations']

/** What nothing is recommended about, since the data to decide is missing. */
export function NotLooked(props: { rows: Answer['notLooked']; kinds: Answer['kinds'] }) {
  const groups = () => [...Map.groupBy(props.rows, ({ kind, missing }) => JSON.stringify([kind, missing])).values()]
  const nameOf = (kind: string | undefined) => props.kinds.find((one) => one.kind === kind)?.name ?? kind
  return (
    <Show when={props.rows.length > 0}>
      <details class="panel not-looked">
        <summary>Not looked at: {groups().length} gaps in the data</summary>
        <ul>
          <For each={groups()}>
            {(rows) => (
              <li>
                <b>{nameOf(rows[0]?.kind)}</b>: {rows[0]?.missing}.{' '}
                <span class="muted">{[...new Set(rows.map(({ thing }) => thing))].join(', ')}</span>
              </li>
            )}
          </For>
        </ul>
      </details>
    </Show>
  )
}
