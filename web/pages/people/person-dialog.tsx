import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api, failureOf, statusOf } from '../../api.ts'
import { Dialog } from '../../components/dialog.tsx'
import { AccountActions } from './account-actions.tsx'
import { RoleAndTeams, roleAndTeamsIn } from './role-and-teams.tsx'
import { nameOf, type Person } from './words.ts'

/** Changes one person. The fields follow `person`: when somebody else was faster, they show what is there now. */
export function PersonDialog(props: { person: Person; isMe: boolean; onClose: () => void; onRemoved: () => void }) {
  const client = useQueryClient()
  const reload = () => client.invalidateQueries({ queryKey: ['users.list'] })
  const save = useMutation(() => ({
    mutationFn: (changes: Omit<Parameters<typeof api.users.update.mutate>[0], 'id' | 'version'>) =>
      api.users.update.mutate({ id: props.person.id, version: props.person.version, ...changes }),
    onSuccess: () => (props.isMe ? client.invalidateQueries() : reload()),
    onError: (error) => statusOf(error) === 412 && reload(),
  }))
  const problem = () => {
    if (!save.error) return undefined
    if (statusOf(save.error) !== 412) return failureOf(save.error).message
    return 'Somebody else has changed this person in the meantime. The fields show what is there now: look, and save again.'
  }
  return (
    <Dialog title={nameOf(props.person)} onClose={props.onClose}>
      {(close) => {
        const send = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
          event.preventDefault()
          if (save.isPending) return
          const name = String(new FormData(event.currentTarget).get('name') ?? '').trim()
          save.mutateAsync({ name, ...roleAndTeamsIn(event.currentTarget) }).then(close, () => undefined)
        }
        return (
          <>
            <p class="note">{props.person.email}</p>
            {/* Another version is another form: what was typed over what is gone is not kept. */}
            <Show when={props.person.version} keyed>
              <form class="form" onSubmit={send}>
                <label>
                  Name
                  <input name="name" autocomplete="off" maxlength={200} value={props.person.name} />
                </label>
                <RoleAndTeams roleNow={props.person.role} teamIdsNow={props.person.teams.map(({ id }) => id)} />
                <p class="field-problem" role="alert">
                  {problem()}
                </p>
                <div class="dialog-actions">
                  <button type="button" class="button" onClick={close}>
                    Cancel
                  </button>
                  <button type="submit" class="button is-primary" disabled={save.isPending}>
                    {save.isPending ? 'Saving…' : 'Save'}
                  </button>
                </div>
              </form>
            </Show>
            <AccountActions person={props.person} isMe={props.isMe} onChanged={reload} onRemoved={props.onRemoved} />
          </>
        )
      }}
    </Dialog>
  )
}
