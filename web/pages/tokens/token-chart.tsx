import { For, Show } from 'solid-js'
import { TokenBars, type TokenSeries } from '../../charts/token-bars.tsx'
import { formatCount, formatCountOf } from '../../format/count.ts'
import { formatUsd } from '../../format/usd.ts'
import { hasPrice, type TokenGroup, type TokenTotal } from './token-queries.ts'
import { COLUMNS, nameOf } from './token-table.tsx'

const MOST_BARS = 31
const COLOURS = {
  inputTokens: 'series-1',
  cachedInputTokens: 'series-7',
  cacheWriteTokens: 'series-10',
  outputTokens: 'series-2',
  reasoningTokens: 'series-9',
} as const

/** Tokens of each group as a bar of its buckets. `onDay` hears which day was clicked, where the groups are days. */
export function TokenChart(props: { answer: TokenTotal; group: TokenGroup; onDay: (day: string) => void }) {
  const rows = () => props.answer.rows.slice(0, MOST_BARS)
  const hidden = () => props.answer.rows.length - rows().length
  const series = (): TokenSeries[] =>
    COLUMNS.filter(([name]) => props.answer.total[name] !== null).map(([key, name]) => ({
      ...{ name, colour: COLOURS[key], tokens: rows().map((row) => row[key] ?? 0) },
    }))
  const pick = (at: number) => {
    const row = rows()[at]
    if (row?.kind === 'group') props.onDay(row.name)
  }
  return (
    <>
      <TokenBars
        label="Tokens by bucket"
        names={rows().map((row) => nameOf(row, props.group))}
        series={series()}
        more={(at) => {
          const row = rows()[at]!
          return [
            { label: 'Requests', value: formatCount(row.requestCount) },
            { label: 'Cost', value: hasPrice(row) ? formatUsd(row.costUsd) : 'unpriced' },
          ]
        }}
        onPick={props.group === 'day' ? pick : undefined}
      />
      <ul class="legend">
        <For each={series()}>
          {({ name, colour }) => (
            <li>
              <i class="swatch" style={{ background: `var(--${colour})` }} />
              {name}
            </li>
          )}
        </For>
      </ul>
      <Show when={hidden() > 0}>
        <p class="note">{formatCountOf(hidden(), 'more row')} in the table.</p>
      </Show>
    </>
  )
}
