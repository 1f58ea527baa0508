import { For, Show } from 'solid-js'
import { exactText, readUsd, subtractExact, type UsdText } from '../../../db/units/money.ts'
import type { Answers } from '../../api.ts'
import { formatUsd } from '../../format/usd.ts'
import { MovedList } from './moved-list.tsx'

type Preview = Answers['ownerRules']['preview']

/** The dollars that would move: what changes hands, and what each team is charged before and after. */
export function PreviewTable(props: { of: Preview }) {
  return (
    <>
      <p role="status">{props.of.message}.</p>
      <Show when={props.of.moved.entryCount + props.of.moved.jobCount > 0}>
        <MovedList of={props.of.moved} />
      </Show>
      <Show when={props.of.teams?.length ? props.of.teams : null}>
        {(teams) => (
          <section class="table-scroll" tabindex="0" aria-label="Before and after">
            <table>
              <caption class="visually-hidden">What each team is charged for the days and pools that change</caption>
              <thead>
                <tr>
                  <th scope="col">Team</th>
                  <th scope="col" class="number">
                    Now
                  </th>
                  <th scope="col" class="number">
                    Then
                  </th>
                  <th scope="col" class="number">
                    Moves
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={teams()}>
                  {(team) => (
                    <tr>
                      <th scope="row">{team.teamId === null ? 'Unallocated' : team.name}</th>
                      <td class="number">{formatUsd(team.beforeUsd)}</td>
                      <td class="number">{formatUsd(team.afterUsd)}</td>
                      <td class="number">{signed(team.beforeUsd, team.afterUsd)}</td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </section>
        )}
      </Show>
    </>
  )
}

function signed(before: UsdText, after: UsdText): string {
  const [was, is] = [readUsd(before), readUsd(after)]
  if (!was || !is) return '–'
  const change = subtractExact(is, was)
  return `${change.digits > 0n ? '+' : ''}${formatUsd(exactText(change))}`
}
