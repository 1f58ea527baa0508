import { createSignal, type JSX, Show } from 'solid-js'
import type { Form } from '../forms/create-form.ts'
import { Dialog } from './dialog.tsx'
import { FormFailure } from './form-failure.tsx'

/**
 * A form in a dialog. It stays open with the reason until what it holds is taken; who opened it takes it away after
 * success. Escape asks once before something typed goes.
 */
export function FormDialog(props: {
  title: string
  submit: string
  form: Form
  /** What cannot be sent yet, though nothing is in flight. */
  isNotReady?: boolean
  /** What went wrong beside the form, such as a list that did not come. */
  error?: unknown
  /** Brings what is there now, for when somebody else was faster. */
  onReload?: (() => void) | undefined
  onClose: () => void
  /** Stands under the form and does not belong to it. */
  below?: JSX.Element
  children: JSX.Element
}) {
  const [isAsked, ask] = createSignal(false)
  const isBusy = () => props.form.isBusy() || props.isNotReady === true
  const leave = () => (props.form.isTyped() && !isAsked() ? ask(true) : props.onClose())
  const hear = (event: Event & { currentTarget: HTMLFormElement }) => {
    ask(false)
    props.form.onInput(event)
  }
  return (
    <Dialog title={props.title} onClose={leave}>
      <form class="form" novalidate onSubmit={(event) => props.form.onSubmit(event)} onInput={hear} onChange={hear}>
        {props.children}
        <FormFailure error={props.form.failure() ?? props.error ?? null} onReload={props.onReload} />
        <Show when={isAsked()}>
          <p class="is-warning" role="alert">
            What you typed is not saved. Escape or Cancel lets it go.
          </p>
        </Show>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={() => props.onClose()}>
            Cancel
          </button>
          <button type="submit" class="button is-primary" disabled={isBusy()}>
            {isBusy() ? 'One moment…' : props.submit}
          </button>
        </div>
      </form>
      {props.below}
    </Dialog>
  )
}
