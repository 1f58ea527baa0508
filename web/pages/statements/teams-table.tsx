import { A } from '@solidjs/router'
import { Index, Show } from 'solid-js'
import { UsdDoor } from '../../components/exact-usd.tsx'
import { formatShare } from '../../format/change.ts'
import { formatHours } from '../../format/count.ts'
import { teamName } from '../../format/row-name.ts'
import { formatUsd } from '../../format/usd.ts'
import { doorOfPart } from './statement-doors.ts'
import type { Statement, TeamPart } from './statement-queries.ts'

const PARTS = [
  ['jobsUsd', 'Jobs'],
  ['assignedUsd', 'By rules'],
  ['sharedUsd', 'Shared cost'],
  ['adjustmentsUsd', 'Adjustments'],
] as const

/** Each team's sums, the dearest first; its name leads to its statement. Parts that nobody has are left out. */
export function TeamsTable(props: { statement: Statement }) {
  const parts = () =>
    PARTS.filter(([name]) => name === 'jobsUsd' || props.statement.teams.some((team) => Number(team[name]) !== 0))
  return (
    <Show when={props.statement.teams.length > 0} fallback={<p class="note">No team was charged anything.</p>}>
      <section class="table-scroll" tabindex="0" aria-label="What each team is charged">
        <table class="is-cards statement-teams">
          <thead>
            <tr>
              <th scope="col">Team</th>
              <th scope="col" class="number">
                GPU-hours
              </th>
              <Index each={parts()}>
                {(part) => (
                  <th scope="col" class="number">
                    {part()[1]}
                  </th>
                )}
              </Index>
              <th scope="col" class="number">
                Total
              </th>
              <th scope="col" class="number">
                Budget
              </th>
            </tr>
          </thead>
          <tbody>
            <Index each={props.statement.teams}>
              {(team) => (
                <tr>
                  <th scope="row">
                    <A class="team-link" href={`/statements?month=${props.statement.month}&team=${team().teamId}`}>
                      {teamName(team().teamName)}
                    </A>
                  </th>
                  <td class="number" data-label="GPU-hours">
                    {formatHours(team().gpuHours)}
                  </td>
                  <Index each={parts()}>
                    {(part) => (
                      <td class="number" data-label={part()[1]}>
                        <UsdDoor
                          href={doorOfPart(props.statement.month, part()[0], team())}
                          of={`${team().teamName}, ${part()[1].toLowerCase()}`}
                          amount={team()[part()[0]]}
                        />
                      </td>
                    )}
                  </Index>
                  <td class="number statement-total" data-label="Total">
                    <UsdDoor
                      href={`/statements?month=${props.statement.month}&team=${team().teamId}`}
                      of={`${team().teamName}, total`}
                      amount={team().totalUsd}
                    />
                  </td>
                  <td class="number" data-label="Budget">
                    <BudgetUsed team={team()} />
                  </td>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </section>
    </Show>
  )
}

/** "80% of $1,000.00", in another colour above it. */
export function BudgetUsed(props: { team: TeamPart }) {
  return (
    <Show when={props.team.budgetUsd} fallback={<span class="muted">none</span>}>
      {(budget) => (
        <Show when={props.team.budgetUsedShare !== null} fallback={formatUsd(budget())}>
          <span classList={{ 'is-warning': (props.team.budgetUsedShare ?? 0) > 1 }}>
            {formatShare(props.team.totalUsd, budget())} of {formatUsd(budget())}
          </span>
        </Show>
      )}
    </Show>
  )
}
