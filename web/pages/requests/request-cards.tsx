import { Show } from 'solid-js'
import { daysFact } from '../../choice/how-facts.ts'
import type { Days } from '../../choice/range.ts'
import { StatCard } from '../../components/stat-card.tsx'
import { formatCount, formatCountOf, formatTokens } from '../../format/count.ts'
import { formatUsd, formatUsdExact } from '../../format/usd.ts'
import { formatMs, GRADE_WORDS, type RequestTotal } from './request-words.ts'

/** Calls, tokens, cost by grade and times of what the filters let through. */
export function RequestCards(props: { total: RequestTotal | undefined; isFailed: boolean; days: Days }) {
  /** A dash where nothing was answered; undefined: it is on its way. */
  const figure = (of: (total: RequestTotal) => string) =>
    props.total ? of(props.total) : props.isFailed ? '—' : undefined
  const bounded = () => (props.total?.isBounded ? [['Calls', 'the newest 100,000 of these days'] as const] : [])
  const hasPrice = (total: RequestTotal) =>
    total.byGrade.length === 0 || total.byGrade.some((one) => one.costUsd !== null)
  const unpriced = () => props.total?.byGrade.find(({ costGrade }) => costGrade === 'unpriced')?.requestCount ?? 0
  return (
    <dl class="cards">
      <StatCard title="Requests" value={figure((total) => formatCount(total.requestCount))}>
        <Show when={props.total?.failedCount}>{(count) => <>{formatCount(count())} failed or cut off</>}</Show>
      </StatCard>
      <StatCard title="Tokens" value={figure((total) => formatTokens(total.tokensUsed))}>
        <Show when={props.total?.cacheHitCount}>
          {(count) => <>{formatCountOf(count(), 'answer')} from the store</>}
        </Show>
      </StatCard>
      <StatCard
        title="Cost"
        value={figure((total) => (hasPrice(total) ? formatUsd(total.costUsd) : 'unpriced'))}
        hint="By list price, of what has one"
        how={
          props.total && {
            formula: 'The costs of the calls, added up. A call without a price is left out, and not free.',
            facts: [
              daysFact(props.days),
              ...props.total.byGrade.map(
                ({ costGrade, costUsd, requestCount }) =>
                  [
                    GRADE_WORDS[costGrade][0],
                    `${costUsd === null ? 'not known' : formatUsdExact(costUsd)}, ${formatCountOf(requestCount, 'call')}`,
                  ] as const,
              ),
              ...bounded(),
            ],
          }
        }
      >
        <Show when={unpriced()}>{(count) => <>{formatCountOf(count(), 'call')} unpriced</>}</Show>
      </StatCard>
      <StatCard
        title="Latency, p50"
        value={figure((total) => formatMs(total.latency.p50Ms))}
        how={
          props.total && {
            formula: 'Half of the calls were answered within this time, 95 of 100 within p95.',
            facts: [daysFact(props.days), ['Calls', `the newest ${formatCount(props.total.latency.requestCount)}`]],
          }
        }
      >
        <Show when={props.total?.latency.p95Ms != null}>p95 {formatMs(props.total?.latency.p95Ms ?? null)}</Show>
        <Show when={props.total?.timeToFirstToken.p50Ms != null}>
          , first token {formatMs(props.total?.timeToFirstToken.p50Ms ?? null)}
        </Show>
      </StatCard>
    </dl>
  )
}
