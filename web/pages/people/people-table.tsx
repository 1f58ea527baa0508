import { Index, Show } from 'solid-js'
import { formatInstant } from '../../format/day.ts'
import { ROLES } from '../../user.ts'
import { nameOf, type Person } from './words.ts'

const STATUS = {
  active: ['Active', 'is-good'],
  invited: ['Invited', 'is-busy'],
  disabled: ['Disabled', 'is-bad'],
} as const

/**
 * People with role, teams, status and last sign-in. `onEdit` is absent for who may only read. Rows go by
 * place: one that changed keeps its button, and so the focus that a dialog gives back.
 */
export function PeopleTable(props: { people: readonly Person[]; onEdit: ((id: Person['id']) => void) | undefined }) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="People">
      <table class="people is-cards">
        <caption class="visually-hidden">People, by e-mail</caption>
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Role</th>
            <th scope="col">Teams</th>
            <th scope="col">Status</th>
            <th scope="col">Last sign-in</th>
            <Show when={props.onEdit}>
              <th scope="col">
                <span class="visually-hidden">Change</span>
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <Index each={props.people}>
            {(one) => (
              <tr>
                <th scope="row">
                  {nameOf(one())}
                  <Show when={one().name}>
                    <span class="note">{one().email}</span>
                  </Show>
                </th>
                <td data-label="Role">{ROLES[one().role].name}</td>
                <td data-label="Teams">{teamsOf(one())}</td>
                <td data-label="Status">
                  <span class={`badge ${STATUS[one().status][1]}`}>{STATUS[one().status][0]}</span>
                </td>
                <td data-label="Last sign-in" class="nowrap">
                  <Show when={one().signedInAt} fallback={<span class="muted">Never</span>}>
                    {(at) => <time datetime={at()}>{formatInstant(at())}</time>}
                  </Show>
                </td>
                <Show when={props.onEdit}>
                  {(edit) => (
                    <td class="row-actions">
                      <button
                        type="button"
                        class="button"
                        aria-label={`Edit ${nameOf(one())}`}
                        onClick={() => edit()(one().id)}
                      >
                        Edit
                      </button>
                    </td>
                  )}
                </Show>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}

function teamsOf({ role, teams }: Person): string {
  if (role === 'admin' || role === 'finance') return 'All'
  return teams.map(({ name }) => name).join(', ') || 'None'
}
