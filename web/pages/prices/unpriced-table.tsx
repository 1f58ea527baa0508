import { Index, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { formatCount, formatTokens } from '../../format/count.ts'
import { formatFullDay } from '../../format/day.ts'

type Unpriced = Answers['prices']['unpriced']['models'][number]

/** Models whose calls have no cost, and what to do about each. */
export function UnpricedTable(props: {
  models: readonly Unpriced[]
  mayWrite: boolean
  onPrice: (model: string) => void
  onReprice: (model: string) => void
}) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Models without a price">
      <table class="is-cards">
        <caption class="visually-hidden">Models without a price, those with the most calls first</caption>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">State</th>
            <th scope="col" class="number">
              Calls
            </th>
            <th scope="col" class="number">
              Tokens
            </th>
            <th scope="col">Since</th>
            <Show when={props.mayWrite}>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <Index each={props.models}>
            {(one) => (
              <tr>
                <th scope="row" class="prices-model">
                  {one().modelAsked}
                  <span class="note">
                    {one().provider || 'provider unknown'}
                    {one().modelAsked === one().model ? '' : `, served as ${one().model}`}
                  </span>
                </th>
                <td data-label="State">
                  <Show when={one().hasPrice} fallback={<NoPrice of={one()} />}>
                    <span class="badge is-warning">To be priced again</span>
                  </Show>
                </td>
                <td data-label="Calls" class="number">
                  {formatCount(one().callCount)}
                </td>
                <td data-label="Tokens" class="number">
                  {formatTokens(one().tokenCount)}
                </td>
                <td data-label="Since" class="nowrap">
                  {formatFullDay(one().firstDay)}
                </td>
                <Show when={props.mayWrite}>
                  <td class="row-actions">
                    <Show
                      when={one().hasPrice}
                      fallback={
                        <button
                          type="button"
                          class="button"
                          aria-label={`Add a price of ${one().model}`}
                          onClick={() => props.onPrice(one().model)}
                        >
                          Add a price
                        </button>
                      }
                    >
                      <button
                        type="button"
                        class="button"
                        aria-label={`Price the calls of ${one().model} again`}
                        onClick={() => props.onReprice(one().model)}
                      >
                        Price again
                      </button>
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

/** The echo says back what it is told: nobody sells it, and its calls degrade nothing. */
function NoPrice(props: { of: { provider: string } }) {
  return (
    <Show when={props.of.provider === 'echo'} fallback={<span class="badge is-bad">No price</span>}>
      <span class="badge">For trying out</span>
    </Show>
  )
}
