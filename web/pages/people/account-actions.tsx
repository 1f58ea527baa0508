import { useMutation } from '@tanstack/solid-query'
import { createSignal, Match, Show, Switch } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { LinkDialog } from './link-dialog.tsx'
import { nameOf, type Person } from './words.ts'

/** A new link, disable or enable, remove. What ends somebody's access asks first. */
export function AccountActions(props: {
  person: Person
  isMe: boolean
  onChanged: (now: Person) => Promise<unknown>
  onRemoved: () => void
}) {
  const [asked, setAsked] = createSignal<'disable' | 'remove' | null>(null)
  const close = () => setAsked(null)
  const link = useMutation(() => ({ mutationFn: () => api.users.resetLink.mutate({ id: props.person.id }) }))
  const turn = useMutation(() => ({
    mutationFn: (isDisabled: boolean) => api.users.update.mutate({ id: props.person.id, isDisabled }),
    onSuccess: (now: Person) => props.onChanged(now),
  }))
  const remove = useMutation(() => ({
    mutationFn: () => api.users.remove.mutate({ id: props.person.id }),
    onSuccess: () => props.onRemoved(),
  }))
  const ask = (what: 'disable' | 'remove') => {
    turn.reset()
    remove.reset()
    setAsked(what)
  }
  const isDisabled = () => props.person.status === 'disabled'
  const isInvited = () => props.person.status === 'invited'
  return (
    <section class="account-actions" aria-label="Account">
      <Show when={link.error ?? (isDisabled() ? turn.error : null)}>
        {(error) => <FailureNote title="That did not work" error={error()} />}
      </Show>
      <div class="account-buttons">
        <Show
          when={isDisabled()}
          fallback={
            <>
              <button type="button" class="button" disabled={link.isPending} onClick={() => link.mutate()}>
                {isInvited() ? 'New invitation link' : 'Password reset link'}
              </button>
              <button type="button" class="button" onClick={() => ask('disable')}>
                Disable…
              </button>
            </>
          }
        >
          <button type="button" class="button" disabled={turn.isPending} onClick={() => turn.mutate(false)}>
            Enable
          </button>
        </Show>
        <button type="button" class="button" onClick={() => ask('remove')}>
          Remove…
        </button>
      </div>
      <Show when={link.data}>
        {(made) => (
          <LinkDialog
            title={isInvited() ? 'New invitation link' : 'Password reset link'}
            email={props.person.email}
            link={made().link}
            onClose={() => link.reset()}
          />
        )}
      </Show>
      <Switch>
        <Match when={asked() === 'disable'}>
          <ConfirmDialog
            title={`Disable ${nameOf(props.person)}?`}
            confirm="Disable"
            isBusy={turn.isPending}
            error={turn.error}
            onConfirm={() => turn.mutateAsync(true)}
            onClose={close}
          >
            <p>
              {props.isMe
                ? 'This is you: you are signed out at once, and only another administrator lets you in again.'
                : 'They are signed out at once, and their links end. You can enable them again.'}
            </p>
          </ConfirmDialog>
        </Match>
        <Match when={asked() === 'remove'}>
          <ConfirmDialog
            title={`Remove ${nameOf(props.person)}?`}
            confirm="Remove"
            isBusy={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutateAsync()}
            onClose={close}
          >
            <p>
              {props.isMe ? 'This is you: you are signed out at once. ' : 'They are signed out at once. '}
              What they imported stays, and the API keys that they made keep working. This cannot be undone.
            </p>
          </ConfirmDialog>
        </Match>
      </Switch>
    </section>
  )
}
