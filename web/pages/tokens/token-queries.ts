import { useQuery } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import type { Days } from '../../choice/range.ts'
import { isZeroUsd } from '../../format/usd.ts'

export type TokenTotal = Answers['tokenUsage']['total']
export type TokenRow = TokenTotal['rows'][number]

/** What tokens can be shown by, and what a row is called that says none. */
export const TOKEN_GROUPS = {
  model: ['Model', 'No model named'],
  team: ['Team', 'No team'],
  project: ['Project', 'No project'],
  user: ['User', 'No user'],
  provider: ['Provider', 'No provider'],
  day: ['Day', 'No day'],
} as const
export type TokenGroup = keyof typeof TOKEN_GROUPS

/** The group that an address asks for; the model where it asks for none that there is. */
export function readGroup(text: string | undefined): TokenGroup {
  return text !== undefined && Object.hasOwn(TOKEN_GROUPS, text) ? (text as TokenGroup) : 'model'
}

/** The totals of the window by one dimension. */
export function useTokenTotal(days: Accessor<Days>, group: Accessor<TokenGroup>) {
  return useQuery(() => ({
    queryKey: ['tokenUsage.total', days(), group()],
    queryFn: () => api.tokenUsage.total.query({ ...days(), groupBy: group() }),
  }))
}

/** The day of the newest call that the reader sees; null: there is none. */
export function useNewestDay(isWanted: () => boolean) {
  return useQuery(() => ({
    queryKey: ['tokenUsage.newest'],
    queryFn: async () => ({ day: (await api.tokenUsage.list.query({ limit: 1 })).calls[0]?.day ?? null }),
    enabled: isWanted(),
  }))
}

/** False: all that is known of its cost is 0, and of some nothing is known, so that 0 would mislead. */
export function hasPrice({ costUsd, unpricedRecordCount }: TokenTotal['total']): boolean {
  return !isZeroUsd(costUsd) || unpricedRecordCount === 0
}
