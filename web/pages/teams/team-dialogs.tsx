import { Match, Switch } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { createForm } from '../../forms/create-form.ts'
import { RemoveTeam } from './remove-team.tsx'
import { useSettled } from './settled.ts'
import { budgetIn, TEAM_FIELDS, TeamFields, teamIn } from './team-fields.tsx'

/** One team with its jobs and its version. */
export type TeamNow = Answers['teams']['get']

const TOLD = { fields: TEAM_FIELDS, codes: { 'teams.name_taken': 'name' } }

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
  const form = createForm({
    ...TOLD,
    schema: () => import('../../../worker/teams/team-input.ts').then(({ NewTeam }) => NewTeam),
    read: teamIn,
    send: (team) => api.teams.create.mutate(team),
    onDone: ({ name }) => {
      settle()
      props.onClose()
      sayResult(`The team ${name} is made.`)
    },
  })
  return (
    <FormDialog title="New team" submit="Make the team" form={form} onClose={props.onClose}>
      <TeamFields problem={form.problem} />
    </FormDialog>
  )
}

function EditTeam(props: { of: TeamNow; isAdmin: boolean; onReload: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { id, version } = props.of
  const form = createForm({
    ...TOLD,
    schema: () => import('../../../worker/teams/team-input.ts').then(({ TeamChange }) => TeamChange),
    read: (fields) => ({ id, version, ...(props.isAdmin ? teamIn(fields) : budgetIn(fields)) }),
    send: (change) => api.teams.update.mutate(change),
    onDone: props.onClose,
    onSettled: settle,
  })
  return (
    <FormDialog
      title={props.isAdmin ? `Edit ${props.of.name}` : `Budget of ${props.of.name}`}
      submit="Save"
      form={form}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <TeamFields of={props.of} isBudgetOnly={!props.isAdmin} problem={form.problem} />
    </FormDialog>
  )
}
