import { A } from '@solidjs/router'
import { Match, Show, Switch } from 'solid-js'
import { type Day, parseDay } from '../../../db/units/time.ts'
import { endingOn } from '../../choice/range.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'
import { formatHours } from '../../format/count.ts'
import { formatDays } from '../../format/day.ts'
import { mayImport, type User } from '../../user.ts'
import type { Spend } from './spend-queries.ts'

/** What to do when the window holds nothing: loosen the filters, go to where the data are, or import some. */
export function EmptyWindow(props: {
  choice: ChoiceControl
  extent: Spend['extent']
  reconciliation: Spend['reconciliation']
  user: User
}) {
  const days = () => props.choice.days()
  const lastDay = (): Day | null => parseDay((props.extent.isPending ? undefined : props.extent.data?.lastDay) ?? '')
  const title = () => {
    const [first, last] = [formatDays(days().start, days().start), formatDays(days().end, days().end)]
    const costs = isPartial() ? 'No costs of your teams' : 'No costs'
    return first === last ? `${costs} on ${first}` : `${costs} between ${first} and ${last}`
  }
  const isPartial = () => !props.user.seesWholeCompany
  const maySend = () => mayImport(props.user)
  const uncosted = () => {
    const hours = props.reconciliation.isPending ? undefined : props.reconciliation.data?.uncostedGpuHours
    return hours !== undefined && Number(hours) > 0 ? hours : null
  }
  const filtered = () => props.choice.choice().filters.length > 0
  const elsewhere = () => {
    const last = lastDay()
    return last !== null && (last < days().start || last > days().end) ? last : null
  }
  return (
    <section class="panel empty is-large">
      <h2>{title()}</h2>
      <Show when={uncosted()}>
        {(hours) => (
          <p>
            Jobs held {formatHours(hours())} GPU-hours on these days, but nothing was billed:{' '}
            {isPartial()
              ? 'what they cost shows once an administrator has imported the bill.'
              : 'import the bill to see what they cost.'}
          </p>
        )}
      </Show>
      <Switch
        fallback={
          <>
            <p>
              {isPartial() ? 'No job of your teams has been imported yet.' : 'Nothing has been imported yet.'}
              {maySend() &&
                (isPartial()
                  ? ' Start with your scheduler’s jobs.'
                  : ' Start with a bill or with your scheduler’s jobs.')}
            </p>
            <ImportLink when={maySend()} />
          </>
        }
      >
        <Match when={filtered()}>
          <p>Nothing on these days matches the filters.</p>
          <button type="button" class="button is-primary" onClick={() => props.choice.change({ filters: [] })}>
            Clear the filters
          </button>
        </Match>
        <Match when={elsewhere()}>
          {(last) => {
            const target = () => endingOn(days(), last())
            return (
              <>
                <p>The latest data are of {formatDays(last(), last())}.</p>
                <button
                  type="button"
                  class="button is-primary"
                  onClick={() => props.choice.change({ range: target() })}
                >
                  Jump to the latest data
                </button>
              </>
            )
          }}
        </Match>
        <Match when={lastDay() !== null}>
          <p>
            There are data before and after these days: choose a wider range
            {maySend() ? ', or import what is missing.' : '.'}
          </p>
          <ImportLink when={maySend()} />
        </Match>
      </Switch>
    </section>
  )
}

function ImportLink(props: { when: boolean }) {
  return (
    <Show when={props.when}>
      <A class="button is-primary" href="/imports">
        Import a file
      </A>
    </Show>
  )
}
