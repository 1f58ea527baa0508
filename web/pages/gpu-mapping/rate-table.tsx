import { Index, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { formatFullDay } from '../../format/day.ts'

export type Rate = Answers['rates']['list']['rates'][number]

/** What currencies are worth, from which day on. */
export function RateTable(props: {
  rates: readonly Rate[]
  mayWrite: boolean
  onEdit: (rate: Rate) => void
  onRemove: (rate: Rate) => void
}) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Currency rates">
      <table class="is-cards">
        <caption class="visually-hidden">Currency rates by currency, the newest day first</caption>
        <thead>
          <tr>
            <th scope="col">Currency</th>
            <th scope="col">From</th>
            <th scope="col" class="number">
              US dollars for one
            </th>
            <th scope="col">Who says so</th>
            <Show when={props.mayWrite}>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <Index each={props.rates}>
            {(rate) => (
              <tr>
                <th scope="row">{rate().currency}</th>
                <td data-label="From" class="nowrap">
                  {formatFullDay(rate().effectiveFrom)}
                </td>
                <td data-label="US dollars" class="number">
                  {rate().usdPerUnit}
                </td>
                <td data-label="Source">{rate().source || '–'}</td>
                <Show when={props.mayWrite}>
                  <td class="row-actions">
                    <button
                      type="button"
                      class="button is-quiet"
                      aria-label={`Edit the rate of ${rate().currency} from ${rate().effectiveFrom}`}
                      onClick={() => props.onEdit(rate())}
                    >
                      Edit
                    </button>
                    <button
                      type="button"
                      class="button is-quiet"
                      aria-label={`Remove the rate of ${rate().currency} from ${rate().effectiveFrom}`}
                      onClick={() => props.onRemove(rate())}
                    >
                      Remove
                    </button>
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
