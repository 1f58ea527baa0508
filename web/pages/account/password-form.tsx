import { createUniqueId, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FormFailure } from '../../components/form-failure.tsx'
import { NewPasswordField } from '../../components/new-password-field.tsx'
import { TextField } from '../../components/text-field.tsx'
import { createForm } from '../../forms/create-form.ts'

/** Changes the password; what a new one has to be stands beside it before anybody types. */
export function PasswordForm(props: { email: string; hasPassword: boolean; onChanged: () => void }) {
  const id = createUniqueId()
  let fields!: HTMLFormElement
  // The list of passwords that are guessed first is too long for the page: the server says what is wrong with one.
  const form = createForm({
    fields: ['current_password', 'new_password'],
    read: (typed) => {
      const text = (name: string) => String(typed.get(name) ?? '')
      return { currentPassword: text('current'), newPassword: text('new') }
    },
    send: (passwords) => api.auth.changePassword.mutate(passwords),
    onDone: () => {
      fields.reset()
      props.onChanged()
    },
  })
  const changed = () => {
    const others = form.answer()?.endedSessions ?? 0
    const ended = others === 1 ? 'One other session has' : `${others} other sessions have`
    return `Your password is changed.${others > 0 ? ` ${ended} ended.` : ''}`
  }
  return (
    <section class="panel" aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>Password</h2>
      </header>
      <Show
        when={props.hasPassword}
        fallback={
          <p class="note">
            Your account has no password: you sign in through your identity provider. An administrator can send you a
            link that sets one.
          </p>
        }
      >
        <form class="password-form" ref={fields} onSubmit={form.onSubmit} onInput={form.onInput}>
          {/* So that a password manager knows whose password this is. */}
          <input hidden type="text" autocomplete="username" value={props.email} readonly />
          <TextField
            label="Current password"
            name="current"
            type="password"
            autocomplete="current-password"
            required
            maxlength={256}
            problem={form.problem('current_password')}
          />
          <NewPasswordField label="New password" name="new" problem={form.problem('new_password')} />
          <p class="note">Changing it signs you out everywhere else.</p>
          <FormFailure title="Your password is as it was" error={form.failure()} />
          <p class="note" role="status">
            <Show when={form.answer()}>{changed()}</Show>
          </p>
          <button type="submit" class="button is-primary" disabled={form.isBusy()}>
            {form.isBusy() ? 'One moment…' : 'Change password'}
          </button>
        </form>
      </Show>
    </section>
  )
}
