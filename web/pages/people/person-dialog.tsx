import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { createForm } from '../../forms/create-form.ts'
import { ME } from '../../queries.ts'
import { AccountActions } from './account-actions.tsx'
import { RoleAndTeams, roleAndTeamsIn } from './role-and-teams.tsx'
import { nameOf, type Person } from './words.ts'

/**
 * Changes one person. `person` is what is there now; the fields stay as they were when the dialog opened, until the
 * reader asks for what somebody else has made of them.
 */
export function PersonDialog(props: { person: Person; isMe: boolean; onClose: () => void; onRemoved: () => void }) {
  const client = useQueryClient()
  const [seen, setSeen] = createSignal(props.person)
  const [version, setVersion] = createSignal(props.person.version)
  const reload = () => client.invalidateQueries({ queryKey: ['users.list'] })
  const form = createForm({
    fields: ['name', 'role', 'team_ids'],
    schema: () => import('../../../worker/users/user-input.ts').then(({ UserChanges }) => UserChanges),
    read: (fields) => {
      const name = String(fields.get('name') ?? '').trim()
      return { id: props.person.id, version: version(), name, ...roleAndTeamsIn(fields) }
    },
    send: (changes) => api.users.update.mutate(changes),
    onDone: async (now: Person) => {
      // Another role of one's own is another view of everything.
      if (props.isMe && now.role !== seen().role) void client.invalidateQueries()
      else if (props.isMe) void client.invalidateQueries({ queryKey: ME })
      await reload()
      props.onClose()
    },
  })
  const showNow = async () => {
    await reload()
    form.reset()
    setVersion(props.person.version)
    setSeen(props.person)
  }
  return (
    <FormDialog
      title={nameOf(props.person)}
      submit="Save"
      form={form}
      onReload={showNow}
      onClose={props.onClose}
      below={
        <AccountActions
          person={props.person}
          isMe={props.isMe}
          onChanged={(now) => {
            setVersion(now.version)
            return reload()
          }}
          onRemoved={props.onRemoved}
        />
      }
    >
      <p class="note">{props.person.email}</p>
      <Show when={seen()} keyed>
        {(person) => (
          <>
            <TextField
              label="Name"
              name="name"
              autocomplete="off"
              maxlength={200}
              value={person.name}
              problem={form.problem('name')}
            />
            <RoleAndTeams roleNow={person.role} teamIdsNow={person.teams.map(({ id }) => id)} problem={form.problem} />
          </>
        )}
      </Show>
    </FormDialog>
  )
}
