import { type TagColumn, tagColumn } from './cur-tags.ts'

/** A cell by its CUR 2.0 name; '' for null and for a column that is not there. */
export type CurCell = (name: string) => string

/** What the header of a Cost and Usage Report says about the rows below it. */
export type CurFile = {
  /** `lineItem/UnblendedCost` (legacy) rather than `line_item_unblended_cost`. */
  isLegacy: boolean
  /** Whether it has what amortised cost of Savings Plans is made of; else they count as billed, all of them. */
  amortisesSavingsPlans: boolean
  /** The same of Reserved Instances. */
  amortisesReservations: boolean
  tagColumns: readonly TagColumn[]
  /** What the file calls the column that CUR 2.0 calls `name`. */
  nameOf(name: string): string
}

/** Without these no row can be told. In the names of CUR 2.0. */
export const CUR_NEEDED = [
  'line_item_unblended_cost',
  'line_item_usage_start_date',
  'line_item_line_item_type',
] as const

const SAVINGS_PLANS = [
  'savings_plan_savings_plan_effective_cost',
  'savings_plan_total_commitment_to_date',
  'savings_plan_used_commitment',
]
const RESERVATIONS = [
  'reservation_effective_cost',
  'reservation_unused_amortized_upfront_fee_for_billing_period',
  'reservation_unused_recurring_fee',
]

/** Every way of writing a column's name as one: `lineItem/UsageType`, `line_item_usage_type`, `lineitem_usagetype`. */
export function curKey(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()
}

/** What a header in any of the spellings says; `names` as they stand in the file. */
export function curFile(names: readonly string[]): CurFile {
  const byKey = new Map(names.toReversed().map((name) => [curKey(name), name.trim()]))
  const spelled = new Map<string, string>() // asked for in every row, worked out once
  const hasAll = (columns: readonly string[]) => columns.every((column) => byKey.has(curKey(column)))
  return {
    isLegacy: names.some((name) => name.includes('/')),
    amortisesSavingsPlans: hasAll(SAVINGS_PLANS),
    amortisesReservations: hasAll(RESERVATIONS),
    tagColumns: names.flatMap((name) => tagColumn(name.trim())),
    nameOf: (name) => {
      const known = spelled.get(name)
      if (known !== undefined) return known
      const found = byKey.get(curKey(name)) ?? name
      spelled.set(name, found)
      return found
    },
  }
}

/** A file with all columns of CUR 2.0, whose tags stand in maps. */
export const CUR_2: CurFile = {
  ...{ isLegacy: false, amortisesSavingsPlans: true, amortisesReservations: true, tagColumns: [] },
  nameOf: (name) => name,
}
