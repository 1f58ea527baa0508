import { useQuery } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { type Filter, type FilterName, withFilter } from '../../choice/choice.ts'
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

/** What calls can be narrowed by, as the address names it: one value each. */
const NARROWED = { team_id: 'teamId', model_name: 'model', provider: 'provider' } as const

/** The filters of an address that calls know. */
export function tokenFilters(filters: readonly Filter[]): Filter[] {
  const names = Object.keys(NARROWED) as FilterName[]
  return names.flatMap((name) => filters.find((filter) => filter.name === name) ?? [])
}

/** What shows only a row's calls: a filter, or its day; null where nothing does. */
export function doorOf({ name, kind, teamId }: TokenRow, group: TokenGroup): Filter | { day: string } | null {
  if (kind !== 'group' || name === '') return null
  if (group === 'team') return teamId === null ? null : { name: 'team_id', value: teamId }
  if (group === 'model') return { name: 'model_name', value: name }
  if (group === 'provider') return { name: 'provider', value: name }
  return group === 'day' ? { day: name } : null
}

/** The filters with one more, which takes the place of another value of its name. */
export function narrowedBy(filters: readonly Filter[], added: Filter): Filter[] {
  return withFilter(
    filters.filter(({ name }) => name !== added.name),
    added,
  )
}

/** The totals of the window by one dimension. */
export function useTokenTotal(
  days: Accessor<Days>,
  group: Accessor<TokenGroup>,
  filters: Accessor<readonly Filter[]> = () => [],
) {
  const narrowed = () =>
    Object.fromEntries(
      tokenFilters(filters()).map(({ name, value }) => [NARROWED[name as keyof typeof NARROWED], value]),
    ) as { [K in (typeof NARROWED)[keyof typeof NARROWED]]?: string }
  return useQuery(() => ({
    queryKey: ['tokenUsage.total', days(), group(), narrowed()],
    queryFn: () => api.tokenUsage.total.query({ ...days(), ...narrowed(), groupBy: group() }),
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
