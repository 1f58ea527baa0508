import { A } from '@solidjs/router'
import { Index, Show } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import { overviewOf } from '../../choice/choice.ts'
import { addressOf } from '../../choice/doors.ts'
import { formatShare } from '../../format/change.ts'
import { SERVING, teamName } from '../../format/row-name.ts'
import { formatUsd, formatUsdExact } from '../../format/usd.ts'
import type { Team } from '../../teams.ts'
import { requestsOf } from '../requests/requests-question.ts'

/**
 * Every team in a row; whoever may change something finds the buttons at its end. Rows go by place: one that changed
 * keeps its buttons, and so the focus that a dialog gives back.
 */
export function TeamTable(props: {
  teams: readonly Team[]
  mayEdit: 'all' | 'budget' | 'nothing'
  /** What a team cost this month so far; undefined while nobody knows. */
  spentOf: (teamId: string) => UsdText | undefined
  onOpen: (dialog: 'edit' | 'remove', id: string) => void
}) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Teams">
      <table class="teams is-cards">
        <caption class="visually-hidden">Teams, oldest first</caption>
        <thead>
          <tr>
            <th scope="col">Team</th>
            <th scope="col">Description</th>
            <th scope="col" class="number">
              Monthly budget
            </th>
            <th scope="col" class="number">
              This month
            </th>
            <th scope="col">Models</th>
            <Show when={props.mayEdit !== 'nothing'}>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <Index each={props.teams}>
            {(team) => (
              <tr>
                <th scope="row">
                  <A
                    class="team-link"
                    href={overviewOf({ name: 'team_id', value: team().id })}
                    data-hint={`What ${team().name} costs`}
                  >
                    {teamName(team().name)}
                  </A>
                  <Show when={team().isDemo}>
                    {' '}
                    <span class="badge explained" tabindex="0" data-hint="Made up, and removed with the demo data">
                      Demo
                    </span>
                  </Show>
                </th>
                <td data-label="Description" class="team-description">
                  <Show when={team().description} fallback={<span class="muted">None</span>}>
                    {(words) => <span>{words()}</span>}
                  </Show>
                </td>
                <td data-label="Monthly budget" class="number">
                  <Show when={team().budgetUsd} fallback={<span class="muted">No budget</span>}>
                    {(amount) => formatUsdExact(amount())}
                  </Show>
                </td>
                <td data-label="This month" class="number">
                  <Show when={props.spentOf(team().id)} fallback={<Month team={team()} />}>
                    {(spent) => <Spent team={team()} spent={spent()} />}
                  </Show>
                </td>
                <td data-label="Models">
                  <A class="link" href={requestsOf({ team_id: team().id })} aria-label={`Requests of ${team().name}`}>
                    Requests
                  </A>
                </td>
                <Show when={props.mayEdit !== 'nothing'}>
                  <td class="row-actions">
                    <Show
                      when={team().name !== SERVING}
                      fallback={
                        <A class="link" href="/unit-economics">
                          Deployments
                        </A>
                      }
                    >
                      <button
                        type="button"
                        class="button is-quiet"
                        aria-label={`${props.mayEdit === 'all' ? 'Edit' : 'Edit budget of'} ${team().name}`}
                        onClick={() => props.onOpen('edit', team().id)}
                      >
                        {props.mayEdit === 'all' ? 'Edit' : 'Edit budget'}
                      </button>
                      <Show when={props.mayEdit === 'all'}>
                        <button
                          type="button"
                          class="button is-quiet"
                          aria-label={`Remove ${team().name}`}
                          onClick={() => props.onOpen('remove', team().id)}
                        >
                          Remove
                        </button>
                      </Show>
                    </Show>
                  </td>
                </Show>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}

/** Where nobody knows the amount yet: the way to the month itself. */
function Month(props: { team: Team }) {
  return (
    <A class="link" href={monthOf(props.team)}>
      Open<span class="visually-hidden"> this month of {props.team.name}</span>
    </A>
  )
}

function monthOf({ id }: Team): string {
  return addressOf('/', { range: { preset: 'this-month' }, filters: [{ name: 'team_id', value: id }] })
}

/** "$80.00, 80.0% of the budget", leading to what it was spent on; in another colour above the budget. */
function Spent(props: { team: Team; spent: UsdText }) {
  const share = () => (props.team.budgetUsd === null ? null : formatShare(props.spent, props.team.budgetUsd))
  const isOver = () => props.team.budgetUsd !== null && Number(props.spent) > Number(props.team.budgetUsd)
  return (
    <A class="explain-link" href={monthOf(props.team)}>
      <span classList={{ 'is-warning': isOver() }}>
        {formatUsd(props.spent)}
        <Show when={share()}>, {share()} of the budget</Show>
      </span>
      <span class="visually-hidden">: spent by {props.team.name} this month</span>
    </A>
  )
}
