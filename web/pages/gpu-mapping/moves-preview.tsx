import type { UseQueryResult } from '@tanstack/solid-query'
import { For, Match, Switch } from 'solid-js'
import { type Answers, failureOf } from '../../api.ts'
import { formatCountOf, formatHours } from '../../format/count.ts'
import { formatUsd } from '../../format/usd.ts'

type Preview = Answers['gpuRules']['preview']

/** What a rule would move in the bills that are there, before anybody saves it. `isAsked`: enough is said to ask. */
export function MovesPreview(props: { query: UseQueryResult<Preview>; isAsked: boolean }) {
  return (
    <div class="moves" role="status" aria-live="polite">
      <Switch fallback={<p class="note">Say which lines are meant and what they are: then you see here what moves.</p>}>
        <Match when={props.isAsked && props.query.isError}>
          <p class="field-problem">{failureOf(props.query.error).message}</p>
        </Match>
        <Match when={props.isAsked && props.query.isPending}>
          <p class="note">Looking through the bills…</p>
        </Match>
        <Match when={props.isAsked && props.query.data}>{(preview) => <Moves of={preview()} />}</Match>
      </Switch>
    </div>
  )
}

function Moves(props: { of: Preview }) {
  const name = (gpuType: string) => gpuType || 'no GPU'
  const part = ({ lineCount, effectiveUsd, fromType, toType, gpuHours }: Preview['parts'][number]) => {
    const way = fromType === toType ? `${name(toType)}, other hours` : `${name(fromType)} → ${name(toType)}`
    const hours = gpuHours === null ? '' : `, ${formatHours(gpuHours)} GPU-hours`
    return `${way}: ${formatUsd(effectiveUsd)}, ${formatCountOf(lineCount, 'line')}${hours}`
  }
  return (
    <Switch>
      <Match when={props.of.lineCount === 0}>
        <p>Nothing moves in the bills that are there. Bills to come are read with the rule.</p>
      </Match>
      <Match when={props.of.lineCount > 0}>
        <p>
          Moves <strong>{formatUsd(props.of.effectiveUsd)}</strong> of {formatCountOf(props.of.lineCount, 'line')} in
          the bills that are there. Totals stay as they are.
        </p>
        <ul>
          <For each={props.of.parts}>
            {(one) => (
              <li>
                {one.provider}: {part(one)}
              </li>
            )}
          </For>
        </ul>
      </Match>
    </Switch>
  )
}
