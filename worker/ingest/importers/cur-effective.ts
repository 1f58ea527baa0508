import { addExact, type ExactUsd, exactText, subtractExact, ZERO_EXACT } from '../../../db/units/money.ts'
import { readAmount } from './amounts.ts'
import type { Cell } from './charge.ts'
import type { CurCell, CurFile } from './cur-columns.ts'

/**
 * The amortised cost of a row of a Cost and Usage Report, as AWS's CUR query library has it
 * (wellarchitectedlabs.com/cost/300_labs/300_cur_queries, read 2026-11; what the columns hold:
 * docs.aws.amazon.com/cur/latest/userguide, amortized-reservation.html and savings-plans-columns.html). Null: as billed,
 * which is also every row of a file without the columns for it: a part of them would count commitments twice.
 */
export function effectiveOf(type: string, get: CurCell, file: CurFile): Cell | null {
  const of = (name: string): Cell => [file.nameOf(name), plainNumber(get(name))]
  const nothing: Cell = [file.nameOf('line_item_unblended_cost'), '0']
  if (file.amortisesSavingsPlans) {
    if (type === 'SavingsPlanCoveredUsage') return of('savings_plan_savings_plan_effective_cost')
    if (type === 'SavingsPlanNegation' || type === 'SavingsPlanUpfrontFee') return nothing
    if (type === 'SavingsPlanRecurringFee') {
      const total = of('savings_plan_total_commitment_to_date')
      return total[1] === '' ? null : combined(total, of('savings_plan_used_commitment'), subtractExact)
    }
  }
  if (file.amortisesReservations) {
    if (type === 'DiscountedUsage') return of('reservation_effective_cost')
    if (type === 'RIFee') {
      const upfront = of('reservation_unused_amortized_upfront_fee_for_billing_period')
      return combined(upfront, of('reservation_unused_recurring_fee'), addExact)
    }
    if (type === 'Fee' && get('reservation_reservation_a_r_n') !== '') return nothing
  }
  return null
}

/** Two amounts as one, exactly; nothing where both are; one that cannot be read stays as it is, to be refused. */
function combined(a: Cell, b: Cell, how: (a: ExactUsd, b: ExactUsd) => ExactUsd): Cell {
  if (a[1] === '' && b[1] === '') return a
  const [first, second] = [a, b].map(([, text]) => (text === '' ? ZERO_EXACT : readAmount(text)))
  if (!first) return a
  return second ? [a[0], exactText(how(first, second)).replace(/(\.\d{30})\d+$/, '$1')] : b
}

/** A number without the exponent that Java gives a large one: "1.25E7". Small ones ("4.0E-7") read as they are. */
export function plainNumber(text: string): string {
  return /e\+?\d/i.test(text) ? withoutExponent(text) : text
}

/** The same of a small one: "2.5E-1" is "0.25". */
export function withoutExponent(text: string): string {
  const match = /^(-?)(\d{1,20})(?:\.(\d{1,30}))?[eE]([+-]?)(\d{1,2})$/.exec(text)
  if (!match) return text
  const [, sign = '', whole = '', fraction = '', minus, places] = match
  const digits = whole + fraction
  const point = whole.length + Number(minus === '-' ? `-${places}` : places)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`.slice(0, 33)
  const padded = digits.padEnd(point, '0')
  return `${sign}${padded.slice(0, point).replace(/^0+(?=\d)/, '')}${padded.length > point ? `.${padded.slice(point)}` : ''}`
}
