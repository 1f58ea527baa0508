import { useSearchParams } from '@solidjs/router'
import { createMemo } from 'solid-js'
import type { Filter, FilterName } from '../../choice/choice.ts'
import { type Comparison, readComparison, writeComparison } from '../../choice/compare.ts'
import type { CostKind } from '../../choice/explain-address.ts'

/** What the explorer groups by, as the address and the REST interface name it; `tag` asks for its key. */
export const TIMES = { day: 'Day', week: 'Week', month: 'Month' } as const
const SEEN_BY_ALL = {
  ...{ team: 'Team', model: 'Model', status: 'Job status', provider: 'Provider', gpu_type: 'GPU type' },
} as const
const OF_THE_BILL = {
  ...{ account: 'Account', region: 'Region', service: 'Service', sku: 'SKU', charge_category: 'Charge' },
} as const
export type GroupName = keyof typeof TIMES | keyof typeof SEEN_BY_ALL | keyof typeof OF_THE_BILL | `tag:${string}`

export const COSTS = {
  effective: ['Effective', 'Commitments are spread over the days they cover.'],
  billed: ['Billed', 'As the invoice has it.'],
  list: ['List', 'Without any discount, where the bill says it.'],
} as const satisfies Record<CostKind, readonly [string, string]>
export type Cost = CostKind

export const TOPS = [10, 20, 50, 200] as const

/** The names that a reader may group by, with their labels. */
export function groupNames(seesWholeCompany: boolean): Record<string, string> {
  return { ...TIMES, ...SEEN_BY_ALL, ...(seesWholeCompany ? { ...OF_THE_BILL, tag: 'Tag …' } : {}) }
}

export function isTime(name: string): name is keyof typeof TIMES {
  return Object.hasOwn(TIMES, name)
}

/** "Team", "Tag env". */
export function labelOfGroup(name: string): string {
  return name.startsWith('tag:') ? `Tag ${name.slice(4)}` : (groupNames(true)[name] ?? name)
}

/** The filter that shows only this group; null where a name cannot be filtered by. */
export function filterOf(group: string, name: string, teamId: string | null): Filter | null {
  if (group === 'team') return teamId === null ? null : { name: 'team_id', value: teamId }
  if (group === 'model') return { name: 'model_name', value: name }
  if (group.startsWith('tag:')) return { name: 'tag', value: `${group.slice(4)}=${name}` }
  return isTime(group) ? null : { name: group as FilterName, value: name }
}

type Params = { by?: string | string[]; cost?: string; compare?: string; top?: string }

/** What the explorer's address says beside days, basis and filters; what it does not understand is the default. */
export function useExploreChoice(seesWholeCompany: () => boolean) {
  const [params, setParams] = useSearchParams<Params>()
  const isName = (name: string) =>
    name.startsWith('tag:')
      ? seesWholeCompany() && name.length > 4
      : Object.hasOwn(groupNames(seesWholeCompany()), name)
  const groupBy = createMemo(() => {
    const asked = [...new Set([params.by ?? []].flat())].filter((name) => name !== 'tag' && isName(name)).slice(0, 2)
    const isTwiceTime = asked.filter(isTime).length === 2
    return (asked.length === 0 ? ['team'] : isTwiceTime ? asked.slice(0, 1) : asked) as GroupName[]
  })
  const cost = (): Cost => (Object.hasOwn(COSTS, params.cost ?? '') ? (params.cost as Cost) : 'effective')
  const top = () => TOPS.find((one) => String(one) === params.top) ?? 20
  const comparison = () => readComparison(params.compare)
  return {
    ...{ groupBy, cost, top, comparison },
    group: (names: readonly string[]) =>
      setParams({ by: names.length === 1 && names[0] === 'team' ? null : [...names] }),
    pickCost: (next: Cost) => setParams({ cost: next === 'effective' ? null : next }),
    pickTop: (next: number) => setParams({ top: next === 20 ? null : String(next) }),
    compare: (next: Comparison) => setParams({ compare: writeComparison(next) }),
  }
}
export type ExploreChoice = ReturnType<typeof useExploreChoice>
