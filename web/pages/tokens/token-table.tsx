import { For, Show } from 'solid-js'
import { parseDay } from '../../../db/units/time.ts'
import { TableUsd } from '../../components/exact-usd.tsx'
import { formatCount, formatTokens } from '../../format/count.ts'
import { formatFullDay } from '../../format/day.ts'
import { doorOf, hasPrice, TOKEN_GROUPS, type TokenGroup, type TokenRow, type TokenTotal } from './token-queries.ts'

/** The buckets of tokens, in the order of the columns. */
export const COLUMNS = [
  ['inputTokens', 'Input'],
  ['cachedInputTokens', 'Cached'],
  ['cacheWriteTokens', 'Cache writes'],
  ['outputTokens', 'Output'],
  ['reasoningTokens', 'Reasoning'],
] as const

/** Tokens, requests and cost of each group; the rows sum to the last line. Buckets that nobody counts have no column. */
export function TokenTable(props: { answer: TokenTotal; group: TokenGroup; onPick: (row: TokenRow) => void }) {
  const columns = () => COLUMNS.filter(([name]) => props.answer.total[name] !== null)
  const title = () => TOKEN_GROUPS[props.group][0]
  return (
    <section class="table-scroll" tabindex="0" aria-label={`Token usage by ${title().toLowerCase()}`}>
      <table class="is-cards tokens-table">
        <caption class="visually-hidden">Token usage by {title().toLowerCase()}</caption>
        <thead>
          <tr>
            <th scope="col">{title()}</th>
            <For each={['Requests', ...columns().map(([, name]) => name), 'Cost', 'Unpriced']}>
              {(name) => (
                <th scope="col" class="number">
                  {name}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.answer.rows}>
            {(row) => (
              <tr>
                <th scope="row">
                  <Show
                    when={doorOf(row, props.group)}
                    fallback={<span classList={{ muted: row.kind !== 'group' }}>{nameOf(row, props.group)}</span>}
                  >
                    <button
                      type="button"
                      class="link"
                      data-hint={`Show only ${nameOf(row, props.group)}`}
                      onClick={() => props.onPick(row)}
                    >
                      {nameOf(row, props.group)}
                    </button>
                  </Show>
                </th>
                <Figures sums={row} columns={columns()} />
              </tr>
            )}
          </For>
          <tr class="tokens-total">
            <th scope="row">Total</th>
            <Figures sums={props.answer.total} columns={columns()} />
          </tr>
        </tbody>
      </table>
    </section>
  )
}

function Figures(props: { sums: TokenTotal['total']; columns: readonly (typeof COLUMNS)[number][] }) {
  return (
    <>
      <td class="number" data-label="Requests">
        {formatCount(props.sums.requestCount)}
      </td>
      <For each={props.columns}>
        {([name, label]) => (
          <td class="number" data-label={label}>
            {formatTokens(props.sums[name])}
          </td>
        )}
      </For>
      <td class="number" data-label="Cost">
        <Show when={hasPrice(props.sums)} fallback={<span class="muted">unpriced</span>}>
          <TableUsd amount={props.sums.costUsd} />
        </Show>
      </td>
      <td class="number" data-label="Unpriced" classList={{ muted: props.sums.unpricedRecordCount === 0 }}>
        {props.sums.unpricedRecordCount === 0 ? 'none' : formatCount(props.sums.unpricedRecordCount)}
      </td>
    </>
  )
}

/** A group's name for readers; of what has none, words that say so. */
export function nameOf({ name, kind }: TokenRow, group: TokenGroup): string {
  if (kind === 'rest') return 'All others'
  if (kind === 'none') return TOKEN_GROUPS[group][1]
  const day = group === 'day' ? parseDay(name) : null
  return day ? formatFullDay(day) : name
}
