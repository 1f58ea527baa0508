import { Show } from 'solid-js'
import { parseDay } from '../../../db/units/time.ts'
import { HowComputed } from '../../components/how-computed.tsx'
import { formatTokens } from '../../format/count.ts'
import { formatFullDay } from '../../format/day.ts'
import { formatUsdExact, isZeroUsd } from '../../format/usd.ts'
import { GRADE_WORDS, type RequestAlone } from './request-words.ts'

type Bucket = NonNullable<RequestAlone['price']>['rates'][number]['bucket']

const BUCKET_WORDS: Record<Bucket, string> = {
  ...{ input: 'Input', cachedInput: 'Cached input', cacheWrite: 'Cache writes', cacheWriteLong: 'Cache writes, 1 h' },
  ...{ output: 'Output', reasoning: 'Reasoning' },
}

/** What a call cost, and by which price of which day. */
export function RequestCost(props: { request: RequestAlone }) {
  const request = () => props.request
  const facts = (): [string, string][] => {
    const { price, costGrade, computedCostUsd, serviceTier } = request()
    const day = price && parseDay(price.effectiveFrom)
    return [
      ['Cost is', `${GRADE_WORDS[costGrade][0]}. ${GRADE_WORDS[costGrade][1]}`],
      ...(price?.rates ?? []).map(
        ({ bucket, usdPerMillion }) => [BUCKET_WORDS[bucket], `$${usdPerMillion} a million tokens`] as [string, string],
      ),
      ...(price && day
        ? ([['Price of', `${price.model}, from ${formatFullDay(day)} on (${price.source})`]] as [string, string][])
        : []),
      ...(serviceTier ? ([['Service tier', serviceTier]] as [string, string][]) : []),
      ...(computedCostUsd === null
        ? []
        : ([['By the price book', formatUsdExact(computedCostUsd)]] as [string, string][])),
    ]
  }
  const formula = () =>
    request().cache === 'hit'
      ? 'Answered from the store of answers, which costs nothing.'
      : request().costGrade === 'reported'
        ? 'The amount that the provider charged, which wins over our own.'
        : request().costGrade === 'unpriced'
          ? 'Nobody knows: enter a price for this model. The calls after it will be priced.'
          : 'Tokens of each bucket × its price, added up and rounded once to a billionth of a dollar.'
  return (
    <>
      <p class="request-figure">
        {request().costUsd === null ? 'Unpriced' : formatUsdExact(request().costUsd)}
        <Show when={request().costGrade !== 'unpriced'}>
          <span class="badge">{GRADE_WORDS[request().costGrade][0]}</span>
        </Show>
        <HowComputed figure="the cost" formula={formula()} facts={facts()} />
      </p>
      <Show when={!isZeroUsd(request().savedUsd)}>
        <p class="note">The store saved {formatUsdExact(request().savedUsd)}.</p>
      </Show>
      <p class="note">
        {formatTokens(request().promptTokens)} prompt + {formatTokens(request().completionTokens)} completion tokens.
      </p>
    </>
  )
}
