import { type JSX, Show } from 'solid-js'
import { statusOf } from '../api.ts'
import { ChangedNote } from './changed-note.tsx'
import { Dialog } from './dialog.tsx'
import { FailureNote } from './failure-note.tsx'

/** Asks before something that cannot be undone. It goes when that is done, and stays with the reason when it is not. */
export function ConfirmDialog(props: {
  title: string
  confirm: string
  isBusy: boolean
  error: unknown
  /** Brings what is there now, for when somebody else was faster. */
  onReload?: () => void
  onConfirm: () => Promise<unknown>
  onClose: () => void
  children: JSX.Element
}) {
  const confirm = () =>
    props.onConfirm().then(
      () => props.onClose(),
      () => undefined, // shown through props.error
    )
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      {props.children}
      <Show when={props.error}>
        <Show
          when={statusOf(props.error) === 412 && props.onReload}
          fallback={<FailureNote title="That did not work" error={props.error} />}
        >
          {(reload) => (
            <ChangedNote onReload={reload()}>
              It is not as it was when you opened this, so nothing is done. Reload to see what is there now.
            </ChangedNote>
          )}
        </Show>
      </Show>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={() => props.onClose()}>
          Cancel
        </button>
        <button type="button" class="button is-danger" disabled={props.isBusy} onClick={confirm}>
          {props.isBusy ? 'One moment…' : props.confirm}
        </button>
      </div>
    </Dialog>
  )
}
