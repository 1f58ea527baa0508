import { Index, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { formatTokens } from '../../format/count.ts'
import { usd } from './served-table.tsx'

/** Models without GPUs of one's own: what the provider charged, beside the price book. */
export function BoughtTable(props: { rows: readonly Answers['analytics']['unitEconomics']['bought'][number][] }) {
  return (
    <section class="panel" aria-labelledby="bought-models">
      <header class="panel-head">
        <h2 id="bought-models">Bought models</h2>
      </header>
      <p class="note">What the provider reported, else what the price book says. In no bill here.</p>
      <section class="table-scroll" tabindex="0" aria-label="Bought models and their prices">
        <table class="is-cards unit-table">
          <caption class="visually-hidden">Bought models, the dearest first</caption>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" class="number">
                Cost per 1 M
              </th>
              <th scope="col" class="number">
                List per 1 M
              </th>
              <th scope="col" class="number">
                Tokens
              </th>
              <th scope="col" class="number">
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            <Index each={props.rows}>
              {(row) => (
                <tr>
                  <th scope="row">{row().model}</th>
                  <td data-label="Cost per 1 M" class="number">
                    {usd(row().costPerMillionUsd, 'unpriced')}
                  </td>
                  <td data-label="List per 1 M" class="number">
                    {usd(row().listPerMillionUsd, 'unpriced')}
                  </td>
                  <td data-label="Tokens" class="number">
                    {formatTokens(row().tokens)}
                    <Show when={row().unpricedTokens > 0}>
                      <span class="cell-note">{formatTokens(row().unpricedTokens)} without a price</span>
                    </Show>
                  </td>
                  <td data-label="Cost" class="number">
                    {row().costPerMillionUsd === null ? 'unpriced' : usd(row().costUsd)}
                  </td>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </section>
    </section>
  )
}
