/** What may be done with a row of entries, at its end. `of`: what the row is, for who hears the buttons alone. */
export function RowButtons(props: { of: string; onOpen: (dialog: 'edit' | 'remove') => void }) {
  return (
    <td class="row-actions">
      <button
        type="button"
        class="button is-quiet"
        aria-label={`Edit ${props.of}`}
        onClick={() => props.onOpen('edit')}
      >
        Edit
      </button>
      <button
        type="button"
        class="button is-quiet"
        aria-label={`Remove ${props.of}`}
        onClick={() => props.onOpen('remove')}
      >
        Remove
      </button>
    </td>
  )
}
