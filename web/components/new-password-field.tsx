import { createSignal, createUniqueId } from 'solid-js'

/** A field for a password that is chosen, with the rules before and what is wrong with it after. */
export function NewPasswordField(props: { problem: string | undefined }) {
  const id = createUniqueId()
  const [isShown, setShown] = createSignal(false)
  return (
    <div class="field">
      <label for={id}>Password</label>
      <input
        id={id}
        name="password"
        type={isShown() ? 'text' : 'password'}
        autocomplete="new-password"
        required
        aria-invalid={props.problem !== undefined}
        aria-describedby={`${id}-rules ${id}-problem`}
      />
      <p id={`${id}-rules`} class="note">
        At least 8 characters of any kind; several words are good. Not one that is often used, and not your e-mail.
      </p>
      <p id={`${id}-problem`} class="field-problem" role="alert">
        {props.problem}
      </p>
      <label class="check">
        <input type="checkbox" checked={isShown()} onChange={(event) => setShown(event.currentTarget.checked)} />
        Show the password
      </label>
    </div>
  )
}
