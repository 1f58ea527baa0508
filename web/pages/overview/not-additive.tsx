import { Show } from 'solid-js'

/** The warning above figures that count a dollar more than once. */
export function NotAdditive(props: { isAdditive: boolean }) {
  return (
    <Show when={!props.isAdditive}>
      <p class="note is-warning">These figures do not add up: on this basis a dollar counts several times.</p>
    </Show>
  )
}
