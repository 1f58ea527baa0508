import { For, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { formatCountOf, formatHours } from '../../format/count.ts'
import { formatUsd } from '../../format/usd.ts'
import { ownerWords } from './rule-words.ts'

type Moved = Answers['ownerRules']['preview']['moved']

/** Charges and jobs that change hands, from whom to whom. */
export function MovedList(props: { of: Moved }) {
  const owner = (of: Moved['charges'][number]['from']) => (of ? ownerWords(of) : 'shared over jobs')
  const team = (name: string | null, id: string) => name ?? `${id} (gone)`
  return (
    <ul class="moved">
      <For each={props.of.charges}>
        {(one) => (
          <li>
            {formatCountOf(one.entryCount, 'charge')}, <strong>{formatUsd(one.effectiveUsd)}</strong>: {owner(one.from)}{' '}
            → {owner(one.to)}
          </li>
        )}
      </For>
      <For each={props.of.jobs}>
        {(one) => (
          <li>
            {formatCountOf(one.jobCount, 'job')}, {formatHours(one.gpuHours)} GPU-hours,{' '}
            <strong>{formatUsd(one.allocationUsd)}</strong>: {team(one.fromTeam, one.fromTeamId)} →{' '}
            {team(one.toTeam, one.toTeamId)}
          </li>
        )}
      </For>
      <Show when={props.of.entryCount + props.of.jobCount === 0}>
        <li>Nothing moved.</li>
      </Show>
    </ul>
  )
}
