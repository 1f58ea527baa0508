import { type JSX, Show } from 'solid-js'
import { FailureNote } from './failure-note.tsx'
import { Modal } from './modal.tsx'

/** A form in a dialog. It stays open with the reason while `error` is set; who opened it closes it after success. */
export function FormModal(props: {
  title: string
  submit: string
  isBusy: boolean
  error: unknown
  onSubmit: (form: FormData) => void
  onClose: () => void
  children: JSX.Element
}) {
  const send = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    if (!props.isBusy) props.onSubmit(new FormData(event.currentTarget))
  }
  return (
    <Modal title={props.title} onClose={props.onClose}>
      <form class="dialog-form" onSubmit={send}>
        {props.children}
        <Show when={props.error}>
          <FailureNote title="That did not work" error={props.error} />
        </Show>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={() => props.onClose()}>
            Cancel
          </button>
          <button type="submit" class="button is-primary" disabled={props.isBusy}>
            {props.isBusy ? 'One moment…' : props.submit}
          </button>
        </div>
      </form>
    </Modal>
  )
}
