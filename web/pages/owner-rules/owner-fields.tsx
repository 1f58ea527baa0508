import { createUniqueId, For, Match, Show, Switch } from 'solid-js'
import type { Team } from '../../teams.ts'
import { KINDS, type Owner } from './rule-words.ts'

/** Whose the charges or jobs become: one team, or for charges a split over several. */
export function OwnerFields(props: {
  of: Owner
  kind: Owner['kind']
  isOfJobs: boolean
  teams: readonly Team[]
  problem: string | undefined
  onKind: (kind: Owner['kind']) => void
}) {
  const id = createUniqueId()
  const named = (teamId: string) => props.of.teams.find((team) => team.teamId === teamId)
  const kind = () => (props.isOfJobs ? 'team' : props.kind)
  return (
    <fieldset class="choices rule-part">
      <legend>{props.isOfJobs ? 'Belong to' : 'Are paid by'}</legend>
      <Show when={!props.isOfJobs}>
        <label>
          Who
          <select
            name="kind"
            value={props.kind}
            onChange={(event) => props.onKind(event.currentTarget.value as Owner['kind'])}
          >
            <For each={Object.entries(KINDS)}>{([value, words]) => <option value={value}>{words}</option>}</For>
          </select>
        </label>
      </Show>
      <Switch>
        <Match when={kind() === 'team'}>
          <label>
            Team
            <select name="team" required value={props.of.teams[0]?.teamId ?? ''} aria-describedby={id}>
              <option value="" disabled>
                Choose a team
              </option>
              <For each={props.teams}>{(team) => <option value={team.id}>{team.name}</option>}</For>
            </select>
          </label>
        </Match>
        <Match when={kind() === 'weighted'}>
          <p class="note">A team pays its weight’s part of all weights. Empty: no part.</p>
          <div class="rule-teams">
            <For each={props.teams}>
              {(team) => (
                <label class="rule-weight">
                  <span>{team.name}</span>
                  <input
                    name={`weight ${team.id}`}
                    inputmode="decimal"
                    autocomplete="off"
                    value={named(team.id)?.weight ?? ''}
                  />
                </label>
              )}
            </For>
          </div>
        </Match>
        <Match when={true}>
          <p class="note">
            {kind() === 'even'
              ? 'None chosen: all teams that there are when the rules are applied.'
              : 'None chosen: all teams that held GPUs that day. A day on which nobody did stays shared as it is.'}
          </p>
          <div class="rule-teams">
            <For each={props.teams}>
              {(team) => (
                <label class="check">
                  <input type="checkbox" name="teams" value={team.id} checked={named(team.id) !== undefined} />
                  {team.name}
                </label>
              )}
            </For>
          </div>
        </Match>
      </Switch>
      <p id={id} class="field-problem" role="alert">
        {props.problem}
      </p>
    </fieldset>
  )
}
