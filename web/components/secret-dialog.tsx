import type { JSX } from 'solid-js'
import { CopyField } from './copy-field.tsx'
import { Dialog } from './dialog.tsx'

/** The one look at a secret. It goes by its button only, never by a slip of the keyboard. */
export function SecretDialog(props: {
  title: string
  label: string
  secret: string
  copy: string
  /** What the reader says to be done with it: "I have stored it". */
  done: string
  onClose: () => void
  children: JSX.Element
}) {
  return (
    <Dialog title={props.title} isLocked onClose={props.onClose}>
      <div class="form">
        <CopyField label={props.label} text={props.secret} copy={props.copy} />
        {props.children}
        <div class="dialog-actions">
          <button type="button" class="button is-primary" onClick={() => props.onClose()}>
            {props.done}
          </button>
        </div>
      </div>
    </Dialog>
  )
}
