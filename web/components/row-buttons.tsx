/** What may be done with a row of entries, at its end. `of`: what the row is, for who hears the buttons alone. */
export function RowButtons(props: { of: string; onOpen: (dialog: 'edit' | 'remove') => void }) {
  return (
    <td class="row-actions">
      <RowButton name="Edit" of={props.of} onClick={() => props.onOpen('edit')} />
      <RowButton name="Remove" of={props.of} onClick={() => props.onOpen('remove')} />
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
