import { useMutation } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api, failureOf } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { PasswordLinkBox } from './password-link.tsx'
import { nameOf, type Person } from './words.ts'

/** A new link, disable or enable, remove. What ends somebody's access asks first. */
export function AccountActions(props: {
  person: Person
  isMe: boolean
  onChanged: () => Promise<unknown>
  onRemoved: () => void
}) {
  const link = useMutation(() => ({ mutationFn: () => api.users.resetLink.mutate({ id: props.person.id }) }))
  const turn = useMutation(() => ({
    mutationFn: (isDisabled: boolean) => api.users.update.mutate({ id: props.person.id, isDisabled }),
    onSuccess: () => {
      link.reset()
      return props.onChanged()
    },
  }))
  const remove = useMutation(() => ({
    mutationFn: () => api.users.remove.mutate({ id: props.person.id }),
    onSuccess: () => props.onRemoved(),
  }))
  const isDisabled = () => props.person.status === 'disabled'
  let askToDisable = () => {}
  let askToRemove = () => {}
  return (
    <section class="account-actions" aria-label="Account">
      <Show when={link.data}>{(made) => <PasswordLinkBox email={props.person.email} link={made().link} />}</Show>
      <Show when={link.error ?? (isDisabled() ? turn.error : null)}>
        {(error) => (
          <p class="field-problem" role="alert">
            {failureOf(error()).message}
          </p>
        )}
      </Show>
      <div class="account-buttons">
        <Show
          when={isDisabled()}
          fallback={
            <>
              <button type="button" class="button" disabled={link.isPending} onClick={() => link.mutate()}>
                {props.person.status === 'invited' ? 'New invitation link' : 'Password reset link'}
              </button>
              <button type="button" class="button" onClick={() => askToDisable()}>
                Disable…
              </button>
            </>
          }
        >
          <button type="button" class="button" disabled={turn.isPending} onClick={() => turn.mutate(false)}>
            Enable
          </button>
        </Show>
        <button type="button" class="button" onClick={() => askToRemove()}>
          Remove…
        </button>
      </div>
      <ConfirmDialog
        title={`Disable ${nameOf(props.person)}?`}
        confirm="Disable"
        isBusy={turn.isPending}
        error={turn.error}
        onConfirm={() => turn.mutateAsync(true)}
        open={(show) => {
          askToDisable = show
        }}
      >
        <p>
          {props.isMe
            ? 'This is you: you are signed out at once, and only another administrator lets you in again.'
            : ''}
          {props.isMe ? '' : 'They are signed out at once, and their links end. You can enable them again.'}
        </p>
      </ConfirmDialog>
      <ConfirmDialog
        title={`Remove ${nameOf(props.person)}?`}
        confirm="Remove"
        isBusy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutateAsync()}
        open={(show) => {
          askToRemove = show
        }}
      >
        <p>
          {props.isMe ? 'This is you: you are signed out at once. ' : 'They are signed out at once. '}
          What they imported stays, and the API keys that they made keep working. This cannot be undone.
        </p>
      </ConfirmDialog>
    </section>
  )
}
