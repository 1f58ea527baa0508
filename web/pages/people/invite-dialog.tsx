import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api, failureOf } from '../../api.ts'
import { Dialog } from '../../components/dialog.tsx'
import { fieldProblem } from '../../field-problem.ts'
import { PasswordLinkBox } from './password-link.tsx'
import { RoleAndTeams, roleAndTeamsIn } from './role-and-teams.tsx'

/** Asks who is to come and what they may do, then shows their link once. */
export function InviteDialog(props: { onClose: () => void }) {
  const client = useQueryClient()
  const invite = useMutation(() => ({
    mutationFn: (person: Parameters<typeof api.users.invite.mutate>[0]) => api.users.invite.mutate(person),
    onSuccess: () => client.invalidateQueries({ queryKey: ['users.list'] }),
  }))
  const emailProblem = () => {
    if (!invite.error) return undefined
    const { code, message } = failureOf(invite.error)
    return fieldProblem(invite.error, 'email') ?? (code === 'users.email_taken' ? message : undefined)
  }
  const send = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    if (invite.isPending) return
    const form = new FormData(event.currentTarget)
    const field = (name: string) => String(form.get(name) ?? '').trim()
    invite.mutate({ email: field('email'), name: field('name'), ...roleAndTeamsIn(event.currentTarget) })
  }
  return (
    <Dialog title={invite.isSuccess ? 'Invitation made' : 'Invite a person'} onClose={props.onClose}>
      {(close) => (
        <Show
          when={invite.data}
          fallback={
            <form class="form" onSubmit={send}>
              <div class="field">
                <label for="invite-email">E-mail</label>
                <input
                  id="invite-email"
                  name="email"
                  type="email"
                  autocomplete="off"
                  required
                  maxlength={254}
                  aria-invalid={emailProblem() !== undefined}
                  aria-describedby="invite-email-problem"
                />
                <p id="invite-email-problem" class="field-problem" role="alert">
                  {emailProblem()}
                </p>
              </div>
              <label>
                Name (optional)
                <input name="name" autocomplete="off" maxlength={200} />
              </label>
              <RoleAndTeams roleNow="developer" teamIdsNow={[]} />
              <Show when={invite.error && !emailProblem()}>
                <p class="field-problem" role="alert">
                  {failureOf(invite.error).message}
                </p>
              </Show>
              <div class="dialog-actions">
                <button type="button" class="button" onClick={close}>
                  Cancel
                </button>
                <button type="submit" class="button is-primary" disabled={invite.isPending}>
                  {invite.isPending ? 'Working…' : 'Make the invitation'}
                </button>
              </div>
            </form>
          }
        >
          {(person) => (
            <>
              <PasswordLinkBox email={person().email} link={person().link} />
              <div class="dialog-actions">
                <button type="button" class="button is-primary" onClick={close}>
                  Done
                </button>
              </div>
            </>
          )}
        </Show>
      )}
    </Dialog>
  )
}
