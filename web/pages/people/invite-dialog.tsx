import { useQueryClient } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { createForm } from '../../forms/create-form.ts'
import { LinkDialog } from './link-dialog.tsx'
import { RoleAndTeams, roleAndTeamsIn } from './role-and-teams.tsx'

/** Asks who is to come and what they may do, then shows their link once. */
export function InviteDialog(props: { onClose: () => void }) {
  const client = useQueryClient()
  const form = createForm({
    fields: ['email', 'name', 'role', 'team_ids'],
    codes: { 'users.email_taken': 'email' },
    schema: () => import('../../../worker/users/user-input.ts').then(({ Invitation }) => Invitation),
    read: (fields) => {
      const field = (name: string) => String(fields.get(name) ?? '').trim()
      return { email: field('email'), name: field('name'), ...roleAndTeamsIn(fields) }
    },
    send: (invitation) => api.users.invite.mutate(invitation),
    onDone: () => void client.invalidateQueries({ queryKey: ['users.list'] }),
  })
  return (
    <Show
      when={form.answer()}
      fallback={
        <FormDialog title="Invite a person" submit="Make the invitation" form={form} onClose={props.onClose}>
          <TextField
            label="E-mail"
            name="email"
            type="email"
            autocomplete="off"
            required
            maxlength={254}
            problem={form.problem('email')}
          />
          <TextField
            label="Name (optional)"
            name="name"
            autocomplete="off"
            maxlength={200}
            problem={form.problem('name')}
          />
          <RoleAndTeams roleNow="developer" teamIdsNow={[]} problem={form.problem} />
        </FormDialog>
      }
    >
      {(person) => (
        <LinkDialog title="Invitation made" email={person().email} link={person().link} onClose={props.onClose} />
      )}
    </Show>
  )
}
