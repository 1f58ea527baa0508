import { Show } from 'solid-js'
import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { createForm } from '../../forms/create-form.ts'
import type { Opened } from './key-dialogs.tsx'
import type { Key } from './key-table.tsx'
import { useSettled } from './settled.ts'

const HOUR = 3600

/** Asks how long the present key may go on, then shows the new one. */
export function RotateKey(props: {
  of: Key
  onReload: () => void
  onOpen: (next: Opened | null) => void
  onClose: () => void
}) {
  const settle = useSettled()
  const { id, version } = props.of
  const form = createForm({
    fields: [],
    schema: () => import('../../../worker/keys/key-input.ts').then(({ Rotation }) => Rotation),
    read: (fields) => ({ id, version, graceSeconds: Number(fields.get('grace')) }),
    send: (asked) => api.keys.rotate.mutate(asked),
    onDone: ({ key: text, ...key }) => props.onOpen({ dialog: 'shown', key, text }),
    onSettled: settle,
  })
  return (
    <FormDialog
      title={`Rotate ${props.of.name}`}
      submit="Rotate"
      form={form}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <p>You get a new key with the same scopes and limits, and time to put it in place of the present one.</p>
      <label>
        The present key works for another
        <select name="grace">
          <option value={0}>No time: it ends now</option>
          <option value={HOUR}>Hour</option>
          <option value={24 * HOUR} selected>
            24 hours
          </option>
          <option value={7 * 24 * HOUR}>7 days</option>
          <option value={30 * 24 * HOUR}>30 days</option>
        </select>
      </label>
      <Show when={props.of.previousExpiresAt}>
        <p class="note">What an earlier rotation left working ends now.</p>
      </Show>
    </FormDialog>
  )
}
