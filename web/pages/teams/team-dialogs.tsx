import { useMutation } from '@tanstack/solid-query'
import { Match, Switch } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { RemoveTeam } from './remove-team.tsx'
import { useSettled } from './settled.ts'
import { budgetIn, isNameTaken, TEAM_FIELDS, TeamFields, teamIn } from './team-fields.tsx'

/** One team with its jobs and its version. */
export type TeamNow = Answers['teams']['get']

/** Which dialog is open, and about which team: as it was when the dialog opened, so that another's change is noticed. */
export type Opened = { dialog: 'new' } | { dialog: 'edit' | 'remove'; team: TeamNow }

/** Makes, changes and removes teams, one dialog at a time. Without `isAdmin` a budget is all that changes. */
export function TeamDialogs(props: {
  opened: Opened | null
  isAdmin: boolean
  onOpen: (next: Opened | null) => void
  onReload: (dialog: 'edit' | 'remove', id: string) => void
  onRemoved: () => void
}) {
  const close = () => props.onOpen(null)
  const about = (dialog: Opened['dialog']) => {
    const { opened } = props
    return opened && opened.dialog === dialog && 'team' in opened ? opened.team : undefined
  }
  return (
    <Switch>
      <Match when={props.opened?.dialog === 'new'}>
        <NewTeam onClose={close} />
      </Match>
      <Match when={about('edit')} keyed>
        {(team) => (
          <EditTeam
            of={team}
            isAdmin={props.isAdmin}
            onReload={() => props.onReload('edit', team.id)}
            onClose={close}
          />
        )}
      </Match>
      <Match when={about('remove')} keyed>
        {(team) => (
          <RemoveTeam
            of={team}
            onReload={() => props.onReload('remove', team.id)}
            onRemoved={props.onRemoved}
            // It may take long, and by then another dialog may be open.
            onClose={() => about('remove') === team && close()}
          />
        )}
      </Match>
    </Switch>
  )
}

function NewTeam(props: { onClose: () => void }) {
  const settle = useSettled()
  const create = useMutation(() => ({
    mutationFn: (form: FormData) => api.teams.create.mutate(teamIn(form)),
    onSuccess: () => {
      settle()
      props.onClose()
    },
  }))
  return (
    <FormDialog
      title="New team"
      submit="Make the team"
      isBusy={create.isPending}
      error={isNameTaken(create.error) ? null : create.error}
      toldAt={TEAM_FIELDS}
      onSubmit={(form) => create.mutate(form)}
      onClose={props.onClose}
    >
      <TeamFields error={create.error} />
    </FormDialog>
  )
}

function EditTeam(props: { of: TeamNow; isAdmin: boolean; onReload: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { id, version } = props.of
  const update = useMutation(() => ({
    mutationFn: (form: FormData) =>
      api.teams.update.mutate({ id, version, ...(props.isAdmin ? teamIn(form) : budgetIn(form)) }),
    onSuccess: props.onClose,
    onSettled: settle,
  }))
  return (
    <FormDialog
      title={props.isAdmin ? `Edit ${props.of.name}` : `Budget of ${props.of.name}`}
      submit="Save"
      isBusy={update.isPending}
      error={isNameTaken(update.error) ? null : update.error}
      toldAt={TEAM_FIELDS}
      onReload={props.onReload}
      onSubmit={(form) => update.mutate(form)}
      onClose={props.onClose}
    >
      <TeamFields of={props.of} isBudgetOnly={!props.isAdmin} error={update.error} />
    </FormDialog>
  )
}
