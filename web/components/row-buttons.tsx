import { type JSX, Show } from 'solid-js'

/**
 * What may be done with a row of entries, at its end: buttons of its own (`children`), then edit and remove, unless `mayWrite` is
 * false. `of`: what the row is, for who hears the buttons alone.
 */
export function RowButtons(props: {
  of: string
  mayWrite?: boolean
  onOpen: (dialog: 'edit' | 'remove') => void
  children?: JSX.Element
}) {
  return (
    <td class="row-actions">
      {props.children}
      <Show when={props.mayWrite ?? true}>
        <RowButton name="Edit" of={props.of} onClick={() => props.onOpen('edit')} />
        <RowButton name="Remove" of={props.of} onClick={() => props.onOpen('remove')} />
      </Show>
    </td>
  )
}

/** One of them. */
export function RowButton(props: { name: string; of: string; isBusy?: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      class="button is-quiet"
      disabled={props.isBusy ?? false}
      aria-label={`${props.name} ${props.of}`}
      onClick={() => props.onClick()}
    >
      {props.name}
    </button>
  )
}
