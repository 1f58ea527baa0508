/**
 * Names that cost is grouped by. Of the pool: provider, gpu_type. Of owners: team, model, status. Of the bill: the others,
 * and `tag:KEY`. Of time: day, week (from Monday), month.
 */
export const TIMES = ['day', 'week', 'month'] as const
export const POOL_NAMES = ['provider', 'gpu_type'] as const
export const OWNER_NAMES = ['team', 'model', 'status'] as const
export const BILL_NAMES = ['account', 'region', 'service', 'sku', 'charge_category'] as const
export const NAMES = [...POOL_NAMES, ...OWNER_NAMES, ...BILL_NAMES] as const

export type Time = (typeof TIMES)[number]
export type PoolName = (typeof POOL_NAMES)[number]
export type OwnerName = (typeof OWNER_NAMES)[number]
export type TagName = `tag:${string}`
export type BillName = (typeof BILL_NAMES)[number] | TagName
export type Name = PoolName | OwnerName | BillName

/** How an answer is grouped: at most one of time, and any names; none is one total. */
export type Grouping = {
  time: Time | null
  names: readonly Name[]
  /** Only the charges that say no list price. */
  isUnlisted?: boolean
}

export function isTime(name: Name | Time): name is Time {
  return (TIMES as readonly string[]).includes(name)
}

export function isPoolName(name: Name): name is PoolName {
  return (POOL_NAMES as readonly string[]).includes(name)
}

export function isOwnerName(name: Name): name is OwnerName {
  return (OWNER_NAMES as readonly string[]).includes(name)
}

export function isBillName(name: Name): name is BillName {
  return (BILL_NAMES as readonly string[]).includes(name) || tagKeyOf(name) !== null
}

/** The KEY of `tag:KEY`; null for the other names. */
export function tagKeyOf(name: Name): string | null {
  return name.startsWith('tag:') ? name.slice(4) : null
}

/** The start of a day's period in SQL: the day, the Monday on or before it, or its month (2026-01). */
export function periodText(time: Time, day: string): string {
  if (time === 'week') return `date(${day}, '-6 days', 'weekday 1')`
  return time === 'month' ? `substr(${day}, 1, 7)` : day
}
