import { type JSX, Show } from 'solid-js'
import { statusOf } from '../api.ts'
import { isToldAtFields } from '../field-problem.ts'
import { ChangedNote } from './changed-note.tsx'
import { Dialog } from './dialog.tsx'
import { FailureNote } from './failure-note.tsx'

/**
 * A form in a dialog. It stays open with the reason while `error` is set; who opened it takes it away after success.
 * `below` stands under the form and does not belong to it.
 */
export function FormDialog(props: {
  title: string
  submit: string
  isBusy: boolean
  error: unknown
  /** The fields that say themselves what the server thinks of them. */
  toldAt?: readonly string[]
  /** Brings what is there now, for when somebody else was faster. */
  onReload?: () => void
  onSubmit: (form: FormData) => void
  onClose: () => void
  below?: JSX.Element
  children: JSX.Element
}) {
  const send = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    if (!props.isBusy) props.onSubmit(new FormData(event.currentTarget))
  }
  const isConflict = () => statusOf(props.error) === 412
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form class="form" onSubmit={send}>
        {props.children}
        <Show when={props.error && !isToldAtFields(props.error, props.toldAt ?? [])}>
          <Show
            when={isConflict() && props.onReload}
            fallback={<FailureNote title="That did not work" error={props.error} />}
          >
            {(reload) => (
              <ChangedNote onReload={reload()}>
                It is not as it was when you opened this, so nothing is saved. Reload to see what is there now; what you
                typed here goes.
              </ChangedNote>
            )}
          </Show>
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
      {props.below}
    </Dialog>
  )
}
