import { Show } from 'solid-js'
import { daysFact } from '../../choice/how-facts.ts'
import type { Days } from '../../choice/range.ts'
import { StatCard } from '../../components/stat-card.tsx'
import { formatCount, formatTokens } from '../../format/count.ts'
import { formatUsd, isZeroUsd } from '../../format/usd.ts'
import { hasPrice, type TokenTotal } from './token-queries.ts'

const share = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 })

/** The window's tokens by bucket, its requests and what they cost, as far as anybody knows. */
export function TokenCards(props: { total: TokenTotal['total'] | undefined; days: Days }) {
  const days = () => daysFact(props.days)
  const tokens = (name: 'inputTokens' | 'outputTokens') => props.total && formatTokens(props.total[name])
  return (
    <dl class="cards tokens-cards">
      <StatCard
        title="Input tokens"
        value={tokens('inputTokens')}
        hint="Without what came from a cache"
        how={{
          formula: 'Added up over calls, without tokens read from or written to a cache: buckets do not overlap.',
          facts: [days()],
        }}
      >
        <Show when={props.total}>{(total) => <CacheLine total={total()} />}</Show>
      </StatCard>
      <StatCard title="Output tokens" value={tokens('outputTokens')} hint="Without reasoning">
        <Show when={props.total?.reasoningTokens ?? null}>{(count) => <>+ {formatTokens(count())} reasoning</>}</Show>
      </StatCard>
      <StatCard title="Requests" value={props.total && formatCount(props.total.requestCount)}>
        <Show when={props.total?.failedRequestCount}>{(count) => <>{formatCount(count())} failed</>}</Show>
      </StatCard>
      <StatCard
        title="Cost"
        value={props.total && (hasPrice(props.total) ? formatUsd(props.total.costUsd) : 'unpriced')}
        hint="Of what has a price"
        how={
          props.total && {
            formula:
              'Reported + computed + estimated. A call whose cost nobody knows is unpriced: left out, and not free.',
            facts: [
              days(),
              ['Reported', `${formatUsd(props.total.reportedCostUsd)}, as the provider charged`],
              [
                'Computed',
                `${formatUsd(props.total.computedCostUsd)}, tokens × list price, by the gateway that counted`,
              ],
              ['Estimated', formatUsd(props.total.estimatedCostUsd)],
              [
                'Records',
                `${formatCount(props.total.recordCount)}, ${formatCount(props.total.unpricedRecordCount)} unpriced`,
              ],
            ],
          }
        }
      >
        <Show when={props.total}>{(total) => <GradeLine total={total()} />}</Show>
      </StatCard>
      <StatCard
        title="Unpriced"
        value={props.total && unpriced(props.total)}
        hint="Part of the tokens whose cost nobody knows, which is not free"
        how={
          props.total && {
            formula: 'Tokens of calls without any price ÷ all tokens; by calls where nobody counted tokens.',
            facts: [days(), ['Unpriced', `${formatTokens(props.total.unpricedTokens)} tokens`]],
          }
        }
      >
        <Show when={props.total?.unpricedRecordCount}>
          {(count) => (
            <>
              {formatCount(count())} of {formatCount(props.total!.recordCount)} records
            </>
          )}
        </Show>
      </StatCard>
    </dl>
  )
}

function CacheLine(props: { total: TokenTotal['total'] }) {
  const words = () =>
    [
      props.total.cachedInputTokens === null ? '' : `+ ${formatTokens(props.total.cachedInputTokens)} cached`,
      props.total.cacheWriteTokens === null ? '' : `+ ${formatTokens(props.total.cacheWriteTokens)} cache writes`,
    ].filter((part) => part !== '')
  return <>{words().join(' ')}</>
}

/** Whose figure the cost is. */
function GradeLine(props: { total: TokenTotal['total'] }) {
  const words = () =>
    (
      [
        ['reported', props.total.reportedCostUsd],
        ['computed', props.total.computedCostUsd],
        ['estimated', props.total.estimatedCostUsd],
      ] as const
    ).filter(([, amount]) => !isZeroUsd(amount))
  return (
    <Show when={words().length > 1} fallback={words()[0]?.[0] ?? ''}>
      {words()
        .map(([grade, amount]) => `${formatUsd(amount)} ${grade}`)
        .join(' · ')}
    </Show>
  )
}

/** Of the tokens; of the records where no token is counted. */
function unpriced({ unpricedShare, unpricedRecordCount, recordCount }: TokenTotal['total']): string {
  if (recordCount === 0) return '–'
  return share.format(unpricedShare ?? unpricedRecordCount / recordCount)
}
