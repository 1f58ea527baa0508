import type { SearchParams } from '@solidjs/router'
import type { Day } from '../../db/units/time.ts'
import { daysOf, type Range, readRange, writeRange } from './range.ts'

export const BASES = {
  allocation: ['Allocation', 'Splits each bill over the jobs that held its GPUs that day. Adds up to the bill.'],
  usage: ['Usage', 'Charges jobs for the hours they held and shows the rest as idle. Adds up to the bill.'],
  exposure: [
    'Exposure',
    'Does not add up: the same dollar counts several times, once for each owner that touched a GPU type.',
  ],
} as const
export type Basis = keyof typeof BASES

/** What a reader of some teams may choose from. Exposure would show the whole bill. */
export const TEAM_BASES = {
  allocation: ['Allocation', 'Your teams’ part of each bill, by the GPU time that all jobs held that day.'],
  usage: ['Usage', 'Charges your teams’ jobs for the hours they held. Idle hours are not theirs.'],
} as const
export type Bases = { readonly [B in Basis]?: readonly [label: string, meaning: string] }

export const GROUPS = {
  none: 'Total',
  provider: 'Provider',
  gpu_type: 'GPU type',
  team: 'Team',
  model: 'Model',
} as const
export type Group = keyof typeof GROUPS

/** What can be filtered, under the names that the address and the REST interface use. */
export const FILTERS = {
  ...{ provider: 'Provider', gpu_type: 'GPU type', team_id: 'Team', model_name: 'Model', status: 'Job status' },
  ...{ account: 'Account', region: 'Region', service: 'Service', sku: 'SKU', charge_category: 'Charge', tag: 'Tag' },
} as const
/** Those of `FILTERS` that only the bill knows: for who sees the whole company. */
export const BILL_FILTERS: readonly string[] = ['account', 'region', 'service', 'sku', 'charge_category', 'tag']
export type FilterName = keyof typeof FILTERS
export type Filter = { readonly name: FilterName; readonly value: string }

/** All that the reader chose. It lives in the address bar: a link shows what its sender saw. */
export type Choice = {
  readonly range: Range
  /** Whose days they are: 'UTC', or a zone such as Europe/Berlin. */
  readonly zone: string
  readonly basis: Basis
  readonly group: Group
  readonly filters: readonly Filter[]
}

/** Reads an address. What it does not understand, or the reader may not choose, it replaces by the default. */
export function readChoice(params: SearchParams, bases: Bases = BASES): Choice {
  const basis = one(params.basis)
  const group = one(params.group)
  return {
    range: readRange({ range: one(params.range), start: one(params.start), end: one(params.end) }),
    zone: isZone(one(params.zone)) ? one(params.zone) : 'UTC',
    basis: Object.hasOwn(bases, basis) ? (basis as Basis) : 'allocation',
    group: Object.hasOwn(GROUPS, group) ? (group as Group) : 'provider',
    filters: filterNames.flatMap((name) => [...new Set(many(params[name]))].map((value) => ({ name, value }))),
  }
}

/** The parameters to change for a changed choice; null removes one, and defaults are not written. */
export function writeChoice(change: Partial<Choice>): Record<string, string | string[] | null> {
  return {
    ...(change.range ? writeRange(change.range) : {}),
    ...(change.zone ? { zone: change.zone === 'UTC' ? null : change.zone } : {}),
    ...(change.basis ? { basis: change.basis === 'allocation' ? null : change.basis } : {}),
    ...(change.group ? { group: change.group === 'provider' ? null : change.group } : {}),
    ...(change.filters ? Object.fromEntries(filterNames.map((name) => [name, valuesOf(change.filters!, name)])) : {}),
  }
}

/** `filters` with one more; a filter that is there already stays single. */
export function withFilter(filters: readonly Filter[], added: Filter): Filter[] {
  return [...withoutFilter(filters, added), added]
}

export function withoutFilter(filters: readonly Filter[], gone: Filter): Filter[] {
  return filters.filter(({ name, value }) => name !== gone.name || value !== gone.value)
}

/** The question for the server. */
export function questionOf({ range, zone, basis, filters }: Choice, today: Day) {
  const names = {
    ...SAME_NAMES,
    gpu_type: 'gpuType',
    team_id: 'teamId',
    model_name: 'modelName',
    charge_category: 'chargeCategory',
  } as const
  const chosen = filterNames.flatMap((name) => {
    const values = valuesOf(filters, name)
    return values.length > 0 ? [[names[name], values] as const] : []
  })
  const inZone: { timeZone?: string } = zone === 'UTC' ? {} : { timeZone: zone }
  return { ...daysOf(range, today), ...inZone, basis, ...(Object.fromEntries(chosen) as ChosenFilters) }
}
const SAME_NAMES = {
  ...{ provider: 'provider', status: 'status', account: 'account', region: 'region', service: 'service' },
  ...{ sku: 'sku', tag: 'tag' },
} as const
type JobStatus = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled'
type ChosenFilters = {
  [Name in
    | 'provider'
    | 'gpuType'
    | 'teamId'
    | 'modelName'
    | 'account'
    | 'region'
    | 'service'
    | 'sku'
    | 'chargeCategory'
    | 'tag']?: string[]
} & { status?: JobStatus[] }
export type Question = ReturnType<typeof questionOf>

/** The same question as a REST query string, for downloads. */
export function queryStringOf({ range, zone, basis, filters }: Choice, today: Day): string {
  const inZone = zone === 'UTC' ? {} : { time_zone: zone }
  const pairs = Object.entries({ ...daysOf(range, today), ...inZone, basis })
  return new URLSearchParams([...pairs, ...filters.map(({ name, value }) => [name, value])]).toString()
}

/** Whether the browser knows such a zone. */
function isZone(name: string): boolean {
  if (name === '') return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** The address of the overview with that filter alone. */
export function overviewOf({ name, value }: Filter): string {
  return `/?${new URLSearchParams([[name, value]])}`
}

const filterNames = Object.keys(FILTERS) as FilterName[]

function valuesOf(filters: readonly Filter[], wanted: FilterName): string[] {
  return filters.filter(({ name }) => name === wanted).map(({ value }) => value)
}

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

function many(value: string | string[] | undefined): string[] {
  return (Array.isArray(value) ? value : [value ?? '']).filter((text) => text !== '')
}
