import { useMutation } from '@tanstack/solid-query'
import { createUniqueId, For, Show } from 'solid-js'
import { api, failureOf } from '../../api.ts'

const SHORTEST = 8

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
          <label>
            Current password
            <input name="current" type="password" autocomplete="current-password" required maxlength="256" />
          </label>
          <label>
            New password
            <input
              name="new"
              type="password"
              autocomplete="new-password"
              required
              minlength={SHORTEST}
              maxlength="256"
              aria-describedby={`${id}-rules`}
            />
          </label>
          <p id={`${id}-rules`} class="note">
            At least {SHORTEST} characters, of any kind: a few words make a good one. Very common passwords are refused.
            Changing it signs you out everywhere else.
          </p>
          <Show when={change.error}>
            {(error) => (
              <div class="failure" role="alert">
                <For each={problemsOf(error())}>{(line) => <p>{line}</p>}</For>
              </div>
            )}
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

/** What is wrong with what was typed, under the names that the fields have here. */
function problemsOf(error: unknown): readonly string[] {
  const { code, message, details } = failureOf(error)
  if (code !== 'request.invalid') return [message]
  return details.map((line) =>
    line.replace('current_password', 'Current password').replace('new_password', 'New password'),
  )
}
