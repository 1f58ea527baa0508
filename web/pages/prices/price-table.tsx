import { Index, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { formatFullDay } from '../../format/day.ts'
import { sourceInShort } from './source-words.ts'

export type ListedPrice = Answers['prices']['models']['list']['prices'][number]

/** Prices of models; without `onHistory` it is the history of one. */
export function PriceTable(props: {
  prices: readonly ListedPrice[]
  mayWrite: boolean
  onHistory?: (model: string) => void
  onOwn?: (price: ListedPrice) => void
  onOpen?: (dialog: 'edit' | 'remove', id: `price_${number}`) => void
}) {
  const title = () => (props.onHistory ? 'Prices of models' : 'History of the price')
  return (
    <section class="table-scroll" tabindex="0" aria-label={title()}>
      <table class="is-cards">
        <caption class="visually-hidden">{title()}, US dollars for a million tokens</caption>
        <thead>
          <tr>
            <Show when={props.onHistory} fallback={<th scope="col">From</th>}>
              <th scope="col">Model</th>
            </Show>
            <th scope="col" class="number">
              Input
            </th>
            <th scope="col" class="number">
              Cached
            </th>
            <th scope="col" class="number">
              Output
            </th>
            <th scope="col">{props.onHistory ? 'From' : 'State'}</th>
            <Show when={props.onHistory}>
              <th scope="col">Who says so</th>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <Index each={props.prices}>
            {(price) => (
              <tr>
                <Show
                  when={props.onHistory}
                  fallback={
                    <th scope="row">
                      <span class="nowrap">{price().id ? formatFullDay(price().effectiveFrom) : 'Any day'}</span>
                      <span class="note">{price().source}</span>
                    </th>
                  }
                >
                  <th scope="row" class="prices-model">
                    {price().model}
                    <Show when={price().variants.length > 0}>
                      <span class="note">{variantWords(price().variants)}</span>
                    </Show>
                  </th>
                </Show>
                <td data-label="Input" class="number">
                  ${price().inputUsdPerMillion}
                </td>
                <td data-label="Cached" class="number">
                  <Show when={price().cachedInputUsdPerMillion} fallback={<span class="muted">as input</span>}>
                    {(rate) => <>${rate()}</>}
                  </Show>
                </td>
                <td data-label="Output" class="number">
                  ${price().outputUsdPerMillion}
                </td>
                <Show
                  when={props.onHistory}
                  fallback={
                    <td data-label="State">
                      <Show when={price().isInForce} fallback={<span class="muted">not in force</span>}>
                        <span class="badge is-good">In force</span>
                      </Show>
                    </td>
                  }
                >
                  <td data-label="From" class="nowrap">
                    {price().id ? formatFullDay(price().effectiveFrom) : <span class="muted">catalogue</span>}
                  </td>
                </Show>
                <Show when={props.onHistory}>
                  <td data-label="Who says so">
                    <span class="prices-source" data-hint={price().source}>
                      {sourceInShort(price().source)}
                    </span>
                  </td>
                </Show>
                <Show when={props.onHistory}>
                  {(history) => (
                    <td class="row-actions">
                      <Act name="History" of={price().model} onClick={() => history()(price().model)} />
                      <Show when={props.mayWrite && price().id} keyed>
                        {(id) => (
                          <>
                            <Act name="Edit" of={price().model} onClick={() => props.onOpen?.('edit', id)} />
                            <Act name="Remove" of={price().model} onClick={() => props.onOpen?.('remove', id)} />
                          </>
                        )}
                      </Show>
                      <Show when={props.mayWrite && !price().id}>
                        <Act name="Own price" of={price().model} onClick={() => props.onOwn?.(price())} />
                      </Show>
                    </td>
                  )}
                </Show>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}

function Act(props: { name: string; of: string; onClick: () => void }) {
  return (
    <button
      type="button"
      class="button is-quiet"
      aria-label={`${props.name}: the price of ${props.of}`}
      onClick={() => props.onClick()}
    >
      {props.name}
    </button>
  )
}

/** "also batch, flex, above 200,000 tokens". */
function variantWords(variants: ListedPrice['variants']): string {
  const words = variants.map(({ tier, aboveTokens }) =>
    [tier, aboveTokens && `above ${aboveTokens.toLocaleString('en')} tokens`].filter(Boolean).join(' '),
  )
  return `also ${[...new Set(words)].join(', ')}`
}
