import { z } from 'zod'
import { rowOf, type TeamId } from '../../db/units/ids.ts'
import { type Day, parseDay } from '../../db/units/time.ts'
import type { Name } from '../analytics/dimensions.ts'
import { type Cell, KINDS, type Kind } from '../analytics/ledger.ts'
import type { Question } from '../analytics/window.ts'

/** What has a series each. `tokens`: metered calls by model, which are in no bill. */
export const DIMENSIONS = ['company', 'team', 'provider', 'gpu_type', 'account', 'model', 'tokens'] as const
export type Dimension = (typeof DIMENSIONS)[number]

export const DimensionField = z
  .enum(DIMENSIONS)
  .default('team')
  .describe('What has a series each; company: one of all that the asker sees. tokens: metered calls by model')

type Filters = Question['filters']

/** One series: a group of a dimension, within filters. `value`: a team's id, a name; '' for the company. */
export type Series = { dimension: Dimension; kind: Kind; value: string; filters: Filters }

/** The name that its cost is grouped by; null: one total. Metered tokens are not in the ledger. */
export function nameOf(dimension: Dimension): Name | null {
  return dimension === 'company' || dimension === 'tokens' ? null : dimension
}

/** Of a cell of the ledger grouped by a dimension. */
export function seriesOf(
  dimension: Dimension,
  cell: Pick<Cell, 'kind' | 'teamId' | 'names'>,
  filters: Filters,
): Series {
  if (dimension === 'company') return { dimension, kind: 'owner', value: '', filters }
  const value = cell.kind !== 'owner' ? '' : dimension === 'team' ? (cell.teamId ?? '') : (cell.names[0] ?? '')
  // A team's own cost is the same series whichever teams were asked for beside it.
  const others = dimension === 'team' && cell.kind === 'owner' ? { ...filters, teamId: null } : filters
  return { dimension, kind: cell.kind, value, filters: others }
}

/** Filters by the names that the address and REST use, in their order. */
const FILTER_NAMES = {
  ...{ teamId: 'team_id', modelName: 'model_name', provider: 'provider', gpuType: 'gpu_type', status: 'status' },
  ...{ account: 'account', region: 'region', service: 'service', sku: 'sku', chargeCategory: 'charge_category' },
} as const
type FilterField = keyof typeof FILTER_NAMES

/**
 * The text that a series is known by, the same for everybody who sees it and for ever: "team:team_3", "model:bert",
 * "team.unallocated", "provider:aws?gpu_type=h100". The company as some of its teams is another series than the company.
 */
export function seriesKey({ dimension, kind, value, filters }: Series): string {
  const pairs = (Object.keys(FILTER_NAMES) as FilterField[]).flatMap((field) =>
    [...new Set<string>(filters[field] ?? [])].sort().map((one): [string, string] => [FILTER_NAMES[field], one]),
  )
  const tags = (filters.tag ?? []).map((tag): [string, string] => ['tag', `${tag.key}=${tag.value}`])
  const query = new URLSearchParams([...pairs, ...tags]).toString()
  const name = value === '' ? '' : `:${encodeURIComponent(value)}`
  return `${dimension}${kind === 'owner' ? '' : `.${kind}`}${name}${query === '' ? '' : `?${query}`}`
}

/** The key of an anomaly: its series and its day. */
export function anomalyKey(series: Series, day: Day): string {
  return `${seriesKey(series)}@${day}`
}

/** What a key says; null for text that is none. */
export function readKey(key: string): { series: Series; day: Day } | null {
  const match = /^([a-z_]+)(?:\.([a-z]+))?(?::([^?@]*))?(?:\?([^@]*))?@(\d{4}-\d\d-\d\d)$/.exec(key)
  const day = parseDay(match?.[5] ?? '')
  const dimension = DIMENSIONS.find((one) => one === match?.[1])
  const kind = KINDS.find((one) => one === (match?.[2] ?? 'owner'))
  if (!match || !day || !dimension || !kind) return null
  const filters = readFilters(match[4] ?? '')
  try {
    const value = decodeURIComponent(match[3] ?? '')
    const series = { dimension, kind, value, filters }
    return anomalyKey(series, day) === key ? { series, day } : null
  } catch {
    return null // a percent sign with nothing behind it
  }
}

function readFilters(query: string): Filters {
  const params = new URLSearchParams(query)
  const of = (field: FilterField) => {
    const values = params.getAll(FILTER_NAMES[field])
    return values.length === 0 ? null : values
  }
  const teamId = of('teamId')?.filter((id) => rowOf('team', id) !== null) as TeamId[] | undefined
  const tags = params.getAll('tag').map((text) => {
    const cut = text.indexOf('=')
    return { key: text.slice(0, cut), value: text.slice(cut + 1) }
  })
  return {
    ...{ teamId: teamId ?? null, modelName: of('modelName'), provider: of('provider'), gpuType: of('gpuType') },
    ...{ status: of('status') as Filters['status'], account: of('account'), region: of('region') },
    ...{ service: of('service'), sku: of('sku'), chargeCategory: of('chargeCategory') },
    tag: tags.length === 0 ? null : tags,
  }
}

/** The filters of the cost of one series alone; leftovers are told apart by their kind. */
export function filtersOf({ dimension, kind, value, filters }: Series): Filters {
  if (kind !== 'owner') return filters
  if (dimension === 'team') return { ...filters, teamId: [value as TeamId] }
  if (dimension === 'model') return { ...filters, modelName: [value] }
  if (dimension === 'provider') return { ...filters, provider: [value] }
  if (dimension === 'gpu_type') return { ...filters, gpuType: [value] }
  return dimension === 'account' ? { ...filters, account: [value] } : filters
}
