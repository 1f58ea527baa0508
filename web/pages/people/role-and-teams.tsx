import { A } from '@solidjs/router'
import { createSignal, createUniqueId, For, Show } from 'solid-js'
import { failureOf } from '../../api.ts'
import type { Form } from '../../forms/create-form.ts'
import { useTeams } from '../../teams.ts'
import { ROLES, type Role } from '../../user.ts'

/** The fields `role` and `teamId` (once per team) of a form about a person. */
export function RoleAndTeams(props: { roleNow: Role; teamIdsNow: readonly string[]; problem: Form['problem'] }) {
  const id = createUniqueId()
  const [role, setRole] = createSignal(props.roleNow)
  const { own: teams, error } = useTeams()
  const seesAll = () => role() === 'admin' || role() === 'finance'
  return (
    <>
      <div class="field">
        <label for={id}>Role</label>
        <select
          id={id}
          name="role"
          aria-describedby={`${id}-may`}
          value={role()}
          onChange={(event) => setRole(event.currentTarget.value as Role)}
        >
          <For each={Object.entries(ROLES)}>{([value, { name }]) => <option value={value}>{name}</option>}</For>
        </select>
        <p id={`${id}-may`} class="note">
          {ROLES[role()].may}
        </p>
        <p class="field-problem" role="alert">
          {props.problem('role')}
        </p>
      </div>
      <fieldset class="team-choice">
        <legend>Teams</legend>
        <p class="note">
          {seesAll()
            ? 'This role sees every team, whichever are ticked.'
            : 'They see these teams and nothing else. Without a team they see nothing.'}
        </p>
        <Show when={error()}>
          <p class="field-problem" role="alert">
            Could not load the teams: {failureOf(error()).message}
          </p>
        </Show>
        <Show when={teams()?.length === 0}>
          <p class="note">
            There are no teams yet. They come with the first jobs, or can be made on the <A href="/teams">Teams page</A>
            .
          </p>
        </Show>
        <Show when={teams()}>
          <input type="hidden" name="teamsAreShown" value="yes" />
        </Show>
        <div class="team-list">
          <For each={teams()}>
            {(team) => (
              <label class="check">
                <input type="checkbox" name="teamId" value={team.id} checked={props.teamIdsNow.includes(team.id)} />
                {team.name}
              </label>
            )}
          </For>
        </div>
        <p class="field-problem" role="alert">
          {props.problem('team_ids')}
        </p>
      </fieldset>
    </>
  )
}

/** What the fields say. Teams that could not be shown are not said: they stay as they are. */
export function roleAndTeamsIn(fields: FormData): { role: Role; teamIds?: string[] } {
  const role = String(fields.get('role')) as Role
  return fields.has('teamsAreShown') ? { role, teamIds: fields.getAll('teamId').map(String) } : { role }
}
