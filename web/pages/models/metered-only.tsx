import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { formatTokens } from '../../format/count.ts'
import { formatUsd } from '../../format/usd.ts'
import type { Models } from './model-queries.ts'

/** Models that ran on nobody's GPUs here: bought ones. Nothing is shown where none was metered. */
export function MeteredOnly(props: { answer: Models; tokensHref: string }) {
  return (
    <Show when={props.answer.meteredOnly.length > 0}>
      <section class="panel" aria-labelledby="metered-only">
        <header class="panel-head">
          <h2 id="metered-only">Metered, without a job here</h2>
          <div class="panel-actions">
            <A href={props.tokensHref}>Tokens</A>
          </div>
        </header>
        <p class="note">
          Bought models. These amounts are what the meter says and are in no total above: what a provider charges comes
          with its bill.
        </p>
        <section class="table-scroll" tabindex="0" aria-label="Metered models without a job">
          <table>
            <caption class="visually-hidden">Metered models without a job</caption>
            <thead>
              <tr>
                <th scope="col">Model</th>
                <For each={['Metered cost', 'Per 1 M tokens', 'Tokens', 'Without a price']}>
                  {(title) => (
                    <th scope="col" class="number">
                      {title}
                    </th>
                  )}
                </For>
              </tr>
            </thead>
            <tbody>
              <For each={props.answer.meteredOnly}>
                {(one) => (
                  <tr>
                    <th scope="row">{one.name}</th>
                    <td class="number">{formatUsd(one.meteredCostUsd)}</td>
                    <td class="number">
                      {one.meteredCostPerMillionTokensUsd === null
                        ? '–'
                        : formatUsd(one.meteredCostPerMillionTokensUsd)}
                    </td>
                    <td class="number">{formatTokens(one.totalTokens)}</td>
                    <td class="number">{formatTokens(one.unpricedTokens)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </section>
      </section>
    </Show>
  )
}
