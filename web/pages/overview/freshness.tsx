import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import { type Day, parseDay } from '../../../db/units/time.ts'
import { STATUS_WORDS } from '../../components/status-words.ts'
import { formatDays, formatInstant } from '../../format/day.ts'
import { type Insight, settled } from './insight-queries.ts'
import type { Spend } from './spend-queries.ts'

/** How new the figures are: the last day with a bill, and the last file that came. */
export function Freshness(props: { extent: Spend['extent']; latest: Insight['latest'] }) {
  const billed = (): Day | null => parseDay(settled(props.extent)?.lastDay ?? '')
  const last = () => settled(props.latest)?.imports[0]
  return (
    <p class="freshness note">
      <Show when={billed()} fallback={props.extent.isPending ? '…' : ''}>
        {(day) => <>Billed up to {formatDays(day(), day())}</>}
      </Show>
      <Show when={last()}>
        {(one) => (
          <>
            {billed() ? ' · ' : ''}Last import {formatInstant(one().startedAt)}:{' '}
            <A href={`/imports/${one().importId}`}>{one().fileName || one().importId}</A>
            <Show when={one().status !== 'success'}>
              <b> ({STATUS_WORDS[one().status][0].toLowerCase()})</b>
            </Show>
          </>
        )}
      </Show>
    </p>
  )
}
