import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api, failureOf } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { fieldProblem } from '../../field-problem.ts'
import { LinkDialog } from './link-dialog.tsx'
import { RoleAndTeams, roleAndTeamsIn } from './role-and-teams.tsx'

/** Asks who is to come and what they may do, then shows their link once. */
export function InviteDialog(props: { onClose: () => void }) {
  const client = useQueryClient()
  const invite = useMutation(() => ({
    mutationFn: (form: FormData) => {
      const field = (name: string) => String(form.get(name) ?? '').trim()
      return api.users.invite.mutate({ email: field('email'), name: field('name'), ...roleAndTeamsIn(form) })
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['users.list'] }),
  }))
  const isTaken = () => invite.error !== null && failureOf(invite.error).code === 'users.email_taken'
  const emailProblem = () => (isTaken() ? failureOf(invite.error).message : fieldProblem(invite.error, 'email'))
  return (
    <Show
      when={invite.data}
      fallback={
        <FormDialog
          title="Invite a person"
          submit="Make the invitation"
          isBusy={invite.isPending}
          error={isTaken() ? null : invite.error}
          toldAt={['email', 'name']}
          onSubmit={(form) => invite.mutate(form)}
          onClose={props.onClose}
        >
          <TextField
            label="E-mail"
            name="email"
            type="email"
            autocomplete="off"
            required
            maxlength={254}
            problem={emailProblem()}
          />
          <TextField
            label="Name (optional)"
            name="name"
            autocomplete="off"
            maxlength={200}
            problem={fieldProblem(invite.error, 'name')}
          />
          <RoleAndTeams roleNow="developer" teamIdsNow={[]} />
        </FormDialog>
      }
    >
      {(person) => (
        <LinkDialog title="Invitation made" email={person().email} link={person().link} onClose={props.onClose} />
      )}
    </Show>
  )
}
