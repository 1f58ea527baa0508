import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../../api.ts'
import { addressOf } from '../../choice/doors.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'
import { formatCountOf, formatTokens } from '../../format/count.ts'
import { formatUsd } from '../../format/usd.ts'

/**
 * What calls of models used on the same days: metered by UTC day, so nothing is said in another zone or where filters narrow
 * the page. Nothing where no token was metered.
 */
export function TokensLine(props: { choice: ChoiceControl }) {
  const isComparable = () => props.choice.choice().zone === 'UTC' && props.choice.choice().filters.length === 0
  const tokens = useQuery(() => {
    const { start, end } = props.choice.days()
    return {
      queryKey: ['tokenUsage.total', 'overview', start, end],
      queryFn: () => api.tokenUsage.total.query({ start, end }),
      enabled: isComparable(),
    }
  })
  const some = () => {
    const total = isComparable() && !tokens.isPending ? tokens.data?.total : undefined
    return total && total.requestCount > 0 ? total : undefined
  }
  return (
    <Show when={some()}>
      {(total) => (
        <p class="note">
          Calls of models on these days:{' '}
          <A class="link" href={addressOf('/tokens', { range: props.choice.choice().range })}>
            {formatTokens(total().totalTokens)} tokens
          </A>{' '}
          in {formatCountOf(total().requestCount, 'call')}, metered at {formatUsd(total().costUsd)}
          <Show when={(total().unpricedTokens ?? 0) > 0}>
            , {formatTokens(total().unpricedTokens)} of them without a price
          </Show>
          . What the meter says is in no bill and in no total above.{' '}
          <A class="link" href={addressOf('/unit-economics', { range: props.choice.choice().range })}>
            What a million cost
          </A>
        </p>
      )}
    </Show>
  )
}
