import { BILL_FILTERS, type Choice, type Filter, writeChoice } from './choice.ts'
import { type CostKind, explainAddress, type FigureKind } from './explain-address.ts'
import type { Range } from './range.ts'

type Asked = Pick<Choice, 'basis' | 'filters' | 'zone'>
type Kind = FigureKind | 'other'

const OF_OWNERS: readonly string[] = ['team_id', 'model_name', 'status']

/**
 * The address that explains a figure that stands for all of `filters` on a range; null among them is a name that no filter
 * can say. Undefined where nothing explains it: by exposure, in another zone, of several groups together, and where only
 * the bill knows a name, which pool-days do not.
 */
export function explainFigure(
  choice: Asked,
  range: Range,
  kind: Kind,
  filters: readonly (Filter | null)[] = [],
  cost: CostKind = 'effective',
): string | undefined {
  if (choice.basis === 'exposure' || choice.zone !== 'UTC' || kind === 'other') return undefined
  if (filters.some((filter) => filter === null || filter.value === '')) return undefined
  const known = filters.filter((filter) => filter !== null)
  const others = choice.filters.filter(({ name }) => !known.some((filter) => filter.name === name))
  const all = [...others, ...known]
  if (all.some(({ name }) => BILL_FILTERS.includes(name))) return undefined
  const isLeftOver = kind === 'idle' || kind === 'unmeasured' || kind === 'unallocated'
  if (isLeftOver && all.some(({ name }) => OF_OWNERS.includes(name))) return undefined
  return explainAddress({ basis: choice.basis, filters: all }, range, { kind: kind === 'owner' ? 'total' : kind, cost })
}

/** The address of the jobs that ran on a range and pass the filters; what only the bill knows narrows no job. */
export function jobsOf(range: Range, filters: readonly Filter[]): string {
  return addressOf('/jobs', {
    range,
    filters: filters.filter(({ name, value }) => !BILL_FILTERS.includes(name) && value !== ''),
  })
}

const LOST: readonly Filter[] = [
  { name: 'status', value: 'failed' },
  { name: 'status', value: 'cancelled' },
]

/** The address of the jobs whose work came to nothing, with what else is chosen. */
export function lostJobsOf(range: Range, filters: readonly Filter[]): string {
  return jobsOf(range, [...filters.filter(({ name }) => name !== 'status'), ...LOST])
}

/** The address of a page with a choice. */
export function addressOf(
  path: string,
  choice: Partial<Choice>,
  more: Record<string, string | readonly string[]> = {},
): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...writeChoice(choice), ...more }))
    for (const one of [value ?? []].flat()) params.append(name, one)
  const text = params.toString()
  return text === '' ? path : `${path}?${text}`
}
