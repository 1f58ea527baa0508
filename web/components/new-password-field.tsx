import { createSignal } from 'solid-js'
import { TextField } from './text-field.tsx'

const RULES =
  'At least 8 characters of any kind; several words are good. Not one that is often used, and not your e-mail.'

/** A field for a password that is chosen, with the rules before and what is wrong with it after. */
export function NewPasswordField(props: { label?: string; name?: string; problem: string | undefined }) {
  const [isShown, setShown] = createSignal(false)
  return (
    <div class="field">
      <TextField
        label={props.label ?? 'Password'}
        name={props.name ?? 'password'}
        type={isShown() ? 'text' : 'password'}
        autocomplete="new-password"
        required
        maxlength={256}
        hint={RULES}
        problem={props.problem}
      />
      <label class="check">
        <input type="checkbox" checked={isShown()} onChange={(event) => setShown(event.currentTarget.checked)} />
        Show the password
      </label>
    </div>
  )
}
