import { Index, Show } from 'solid-js'
import { formatTokens } from '../../format/count.ts'
import { teamName } from '../../format/row-name.ts'
import { type Served, usd } from './served-table.tsx'
import { WhatIf } from './what-if.tsx'

const BUCKETS: Record<Served['buckets'][number]['bucket'], string> = {
  ...{ inputTokens: 'Input', cachedInputTokens: 'Input from a cache', cacheWriteTokens: 'Written to a cache' },
  ...{ outputTokens: 'Output', reasoningTokens: 'Reasoning' },
}
const KINDS = { team: '', none: 'Calls of no team', nobody: 'Days without a token' } as const

function nameOf({ teamName: name, kind }: Served['teams'][number]): string {
  return name === null ? KINDS[kind] || 'A team that is gone' : teamName(name)
}

/** One served model: what its buckets cost, whose tokens it served, and what if it were otherwise. */
export function ModelDetail(props: { of: Served; days: { start: string; end: string }; hasWhatIf: boolean }) {
  const number = (title: string) => (
    <th scope="col" class="number">
      {title}
    </th>
  )
  return (
    <section class="panel" aria-labelledby="one-model">
      <header class="panel-head">
        <h2 id="one-model">{props.of.model}</h2>
      </header>
      <div class="unit-detail">
        <section class="table-scroll" tabindex="0" aria-label={`Tokens of ${props.of.model} by kind`}>
          <h3>By kind of token</h3>
          <table class="is-cards unit-table">
            <caption class="visually-hidden">By kind of token</caption>
            <thead>
              <tr>
                <th scope="col">Kind</th>
                {number('Tokens')}
                {number('Actual per 1 M')}
                {number('List per 1 M')}
                {number('Cost')}
              </tr>
            </thead>
            <tbody>
              <Index each={props.of.buckets}>
                {(row) => (
                  <tr>
                    <th scope="row">{BUCKETS[row().bucket]}</th>
                    <td data-label="Tokens" class="number">
                      {formatTokens(row().tokens)}
                    </td>
                    <td data-label="Actual per 1 M" class="number">
                      {usd(row().allocationPerMillionUsd)}
                    </td>
                    <td data-label="List per 1 M" class="number">
                      {usd(row().listPerMillionUsd, 'unpriced')}
                    </td>
                    <td data-label="Cost" class="number">
                      {usd(row().allocationCostUsd)}
                    </td>
                  </tr>
                )}
              </Index>
            </tbody>
          </table>
          <p class="note">
            {props.of.bucketWeights === 'list_price'
              ? 'The cost is split by list prices.'
              : 'No list price: one token of output counts as 2.5 of input.'}
          </p>
        </section>
        <section class="table-scroll" tabindex="0" aria-label={`Tokens of ${props.of.model} by team`}>
          <h3>By team</h3>
          <table class="is-cards unit-table">
            <caption class="visually-hidden">By team</caption>
            <thead>
              <tr>
                <th scope="col">Team</th>
                {number('Tokens')}
                {number('Cost')}
              </tr>
            </thead>
            <tbody>
              <Index each={props.of.teams}>
                {(row) => (
                  <tr>
                    <th scope="row">{nameOf(row())}</th>
                    <td data-label="Tokens" class="number">
                      {formatTokens(row().tokens)}
                    </td>
                    <td data-label="Cost" class="number">
                      {usd(row().allocationCostUsd, 'no bill yet')}
                    </td>
                  </tr>
                )}
              </Index>
            </tbody>
          </table>
          <p class="note">Each day’s cost by the tokens of that day: the rows sum to the cost.</p>
        </section>
      </div>
      <Show when={props.of.serverTokens !== null}>
        <p class="note">The inference servers count {formatTokens(props.of.serverTokens)} tokens themselves.</p>
      </Show>
      <Show when={props.hasWhatIf && props.of.allocationCostUsd !== null}>
        <WhatIf model={props.of.model} days={props.days} />
      </Show>
    </section>
  )
}
