import type { Day } from '../../db/units/time.ts'
import { isByBill } from '../analytics/bill-conditions.ts'
import { isByOwner } from '../analytics/conditions.ts'
import { filtersOf, type Series } from './series.ts'

const NAMES = {
  ...{ teamId: 'team_id', modelName: 'model_name', provider: 'provider', gpuType: 'gpu_type', status: 'status' },
  ...{ account: 'account', region: 'region', service: 'service', sku: 'sku', chargeCategory: 'charge_category' },
} as const

/** Where the rows behind a day of a series are: paths of the page. */
export function doorsOf(series: Series, day: Day, isPartial: boolean): { name: string; href: string }[] {
  if (series.dimension === 'tokens') {
    const query = new URLSearchParams({ start: day, end: day, model: series.value })
    return [{ name: 'Metered calls', href: `/tokens?${query}` }]
  }
  const filters = filtersOf(series)
  const isLeftOver = series.kind !== 'owner'
  const params = (more: Record<string, string>, isFiltered = true) => {
    const query = new URLSearchParams({ start: day, end: day })
    for (const [field, name] of Object.entries(NAMES))
      for (const value of isFiltered ? (filters[field as keyof typeof NAMES] ?? []) : []) query.append(name, value)
    for (const tag of isFiltered ? (filters.tag ?? []) : []) query.append('tag', `${tag.key}=${tag.value}`)
    for (const [name, value] of Object.entries(more)) query.append(name, value)
    return query
  }
  const isOfBill = isByBill({ filters })
  const kind: Record<string, string> = isLeftOver ? { kind: series.kind } : {}
  const by = series.dimension === 'team' ? 'model' : isOfBill ? 'sku' : 'gpu_type'
  return [
    ...(isOfBill || (isLeftOver && isByOwner({ filters }))
      ? []
      : [{ name: 'How the figure is made', href: `/explain?${params(kind)}` }]),
    { name: 'Explore the day', href: `/explore?${params({ by })}` },
    ...(isOfBill || isLeftOver ? [] : [{ name: 'Jobs', href: `/jobs?${params({})}` }]),
    ...(isPartial ? [] : [{ name: 'Bill lines', href: `/costs?${linesOf(params({}, false), filters)}` }]),
  ]
}

/** Bill lines are narrowed by pools alone. */
function linesOf(query: URLSearchParams, { provider, gpuType }: Series['filters']): URLSearchParams {
  if (provider?.length === 1) query.append('provider', provider[0] ?? '')
  if (gpuType?.length === 1) query.append('gpu_type', gpuType[0] ?? '')
  return query
}
