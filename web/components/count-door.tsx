import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import { formatCount } from '../format/count.ts'

/** How many jobs there were, leading to the list of them; a dash where nobody knows. `of`: whose they are. */
export function CountDoor(props: { href: string | undefined; count: number | null; of: string }) {
  return (
    <Show when={props.count !== null} fallback="–">
      <Show when={props.count !== 0 && props.href} fallback={formatCount(props.count ?? 0)}>
        {(href) => (
          <A class="explain-link" href={href()} data-hint="List the jobs">
            {formatCount(props.count ?? 0)}
            <span class="visually-hidden"> jobs of {props.of}</span>
          </A>
        )}
      </Show>
    </Show>
  )
}
