import { useMutation } from '@tanstack/solid-query'
import { createUniqueId, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { NewPasswordField } from '../../components/new-password-field.tsx'
import { TextField } from '../../components/text-field.tsx'
import { fieldProblem, isToldAtFields } from '../../field-problem.ts'

/** Changes the password; what a new one has to be stands beside it before anybody types. */
export function PasswordForm(props: { email: string; hasPassword: boolean; onChanged: () => void }) {
  const id = createUniqueId()
  let form!: HTMLFormElement
  const change = useMutation(() => ({
    mutationFn: (input: { currentPassword: string; newPassword: string }) => api.auth.changePassword.mutate(input),
    onSuccess: () => {
      form.reset()
      props.onChanged()
    },
  }))
  const send = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    if (change.isPending) return
    const fields = new FormData(event.currentTarget)
    const field = (name: string) => String(fields.get(name) ?? '')
    change.mutate({ currentPassword: field('current'), newPassword: field('new') })
  }
  const changed = () => {
    const others = change.data?.endedSessions ?? 0
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
        <form class="password-form" ref={form} onSubmit={send}>
          {/* So that a password manager knows whose password this is. */}
          <input hidden type="text" autocomplete="username" value={props.email} readonly />
          <TextField
            label="Current password"
            name="current"
            type="password"
            autocomplete="current-password"
            required
            maxlength={256}
            problem={fieldProblem(change.error, 'current_password')}
          />
          <NewPasswordField label="New password" name="new" problem={fieldProblem(change.error, 'new_password')} />
          <p class="note">Changing it signs you out everywhere else.</p>
          <Show when={change.error && !isToldAtFields(change.error, ['current_password', 'new_password'])}>
            <FailureNote title="Your password is as it was" error={change.error} />
          </Show>
          <p class="note" role="status">
            <Show when={change.isSuccess}>{changed()}</Show>
          </p>
          <button type="submit" class="button is-primary" disabled={change.isPending}>
            {change.isPending ? 'One moment…' : 'Change password'}
          </button>
        </form>
      </Show>
    </section>
  )
}
