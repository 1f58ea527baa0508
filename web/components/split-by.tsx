import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'

/** Other ways to cut what a filter left as one bar. `ways`: what it is split by, and the address of that. */
export function SplitBy(props: {
  isOne: boolean
  name: string
  ways: readonly (readonly [label: string, href: string])[]
}) {
  return (
    <Show when={props.isOne && props.ways.length > 0}>
      <p class="note split-by no-print">
        All of it is {props.name}. Split by{' '}
        <For each={props.ways}>
          {([label, href], at) => (
            <>
              {at() === 0 ? '' : ' · '}
              <A class="link" href={href}>
                {label}
              </A>
            </>
          )}
        </For>
      </p>
    </Show>
  )
}
