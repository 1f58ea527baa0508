import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import { formatCountOf } from '../../format/count.ts'
import type { Reason } from './reason-table.tsx'

/** What to do about rows that only lack a rate or a currency; nothing where no such row is left. */
export function ReasonHints(props: { reasons: readonly Reason[]; mayChange: boolean; onRetry: () => void }) {
  const left = (code: string) =>
    props.reasons.reduce((sum, reason) => sum + (reason.code === code ? reason.retryableCount : 0), 0)
  const verb = (count: number, one: string, many: string) =>
    `${formatCountOf(count, 'row')} ${count === 1 ? one : many}`
  return (
    <>
      <Show when={left('ingest.no_rate')}>
        {(count) => (
          <p class="hint">
            {verb(count(), 'is', 'are')} in a currency without a rate for the day.{' '}
            <Show when={props.mayChange} fallback="An administrator can enter it and read them again.">
              Enter it under <A href="/gpu-mapping">Currency rates</A>, then{' '}
              <button type="button" class="link" onClick={() => props.onRetry()}>
                read them again
              </button>
              .
            </Show>
          </p>
        )}
      </Show>
      <Show when={left('ingest.no_currency')}>
        {(count) => (
          <p class="hint">
            {verb(count(), 'names', 'name')} no currency.{' '}
            <Show when={props.mayChange} fallback="An administrator can say which it is and read them again.">
              <button type="button" class="link" onClick={() => props.onRetry()}>
                Say which it is
              </button>{' '}
              and read them again.
            </Show>
          </p>
        )}
      </Show>
    </>
  )
}
