import { type JSX, Show } from 'solid-js'
import { failureOf } from '../api.ts'

/**
 * Asks before something that cannot be undone. `open` is handed the function that opens it; the dialog closes
 * itself when `onConfirm` has succeeded and stays open with the reason when it has not.
 */
export function ConfirmDialog(props: {
  title: string
  confirm: string
  isBusy: boolean
  error: unknown
  onConfirm: () => Promise<unknown>
  open: (show: () => void) => void
  /** It has closed, whichever way. */
  onClose?: () => void
  children: JSX.Element
}) {
  let dialog!: HTMLDialogElement
  const confirm = () =>
    props.onConfirm().then(
      () => dialog.close(),
      () => undefined, // shown through props.error
    )
  return (
    <dialog
      ref={(element) => {
        dialog = element
        props.open(() => dialog.showModal())
      }}
      class="dialog"
      aria-label={props.title}
      onClose={() => props.onClose?.()}
    >
      <h2>{props.title}</h2>
      {props.children}
      <Show when={props.error}>
        <p class="field-problem" role="alert">
          {failureOf(props.error).message}
        </p>
      </Show>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={() => dialog.close()}>
          Cancel
        </button>
        <button type="button" class="button is-danger" disabled={props.isBusy} onClick={confirm}>
          {props.isBusy ? 'Working…' : props.confirm}
        </button>
      </div>
    </dialog>
  )
}
