import { isByBill } from './bill-conditions.ts'
import { isByOwner } from './conditions.ts'
import { isBillName, isOwnerName, type Name } from './dimensions.ts'
import type { Question } from './window.ts'

const COSTS = {
  effective: 'Effective cost: what the bill charges, with commitments spread over the days they cover',
  billed: 'Billed cost: what the invoice says on its day',
  list: 'List cost: what the same use costs without any discount, of the charges that say so',
} as const

const SPLITS = {
  allocation: 'each day’s whole cost of a kind of GPU at a provider is split over the GPU time that jobs held there',
  usage:
    'jobs are charged for the GPU time they held out of what was billed that day, and the rest is idle; where the bill does not say how much it bought, the cost is unmeasured',
  exposure:
    'each group has the whole cost of every kind of GPU that it held any of, so the same dollar is counted several times and rows do not add up',
} as const

/** One to three plain sentences: which cost, how it was split over owners, what was added up. */
export function howItWasMade(question: Pick<Question, 'basis' | 'cost' | 'filters'>, names: readonly Name[]): string {
  const isOfOwners = isByOwner(question) || names.some(isOwnerName)
  const isOfBill = isByBill(question) || names.some(isBillName)
  const basis = question.basis === 'exposure' && !names.some(isOwnerName) ? 'allocation' : question.basis
  const split = isOfOwners ? `; ${SPLITS[basis]}` : ''
  const crossed =
    'A bill does not know who used it: each day, every charge, also one that a rule gave to a team, is spread over the owners in the proportion of their parts of that kind of GPU, exact to the nano-dollar both ways.'
  const sum = isOfOwners
    ? 'Rows are sums of those parts, one per owner, day and kind of GPU.'
    : 'Rows are sums of the charges on current bills.'
  return [
    `${COSTS[question.cost]}${split}.`,
    ...(isOfOwners && isOfBill && basis !== 'exposure' ? [crossed] : []),
    sum,
  ].join(' ')
}
