import type { Day } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import { isByOwner } from './conditions.ts'
import {
  chargesOfPoolDays,
  dimensionsOf,
  leftOverOfPoolDays,
  MOST_PARTS,
  ownersOfPoolDays,
  textsOf,
} from './cross-statements.ts'
import { crossed } from './crossed.ts'
import { type CrossedSums, crossedCells } from './crossed-cells.ts'
import { type Grouping, isBillName, isPoolName } from './dimensions.ts'
import type { Part, Row } from './ledger.ts'
import { periodOf } from './periods.ts'
import { chargeSide, type Dimension, LEFT_OUT, type LeftOver, newGroups, ownerSide } from './pool-day-parts.ts'
import type { Visible } from './visible-question.ts'

/**
 * What only the bill knows together with whose it is, which no bill says: each pool-day's charges are spread over its
 * owners, and over what nobody was charged, by `crossed`. An owner's cells sum to what it is charged without the bill's
 * names, a charge's to the charge. Worked out here, because products of money and weights pass 64 bits.
 *
 * @throws HelioxError invalid `analytics.too_many_parts`
 */
export function crossPart(question: Visible, grouping: Grouping): Part {
  const { time, names, isUnlisted = false } = grouping
  const isLeftAsked = !isByOwner(question)
  const sumsOf = ([owned = [], charged = [], dimensions = [], left = [], pools = []]: Row[][]): CrossedSums => {
    if (owned.reduce((sum, row) => sum + Number(row.pieces), 0) > MOST_PARTS) throw tooManyParts()
    const sums: CrossedSums = { charges: newGroups(), owners: newGroups(), places: newGroups(), costs: new Map() }
    const dimensionOf = new Map(
      dimensions.map((row, order): [string, Dimension] => {
        const texts = names.filter(isBillName).map((_, index) => String(row[`n${index}`]))
        const group = row.asked === 0n ? LEFT_OUT : sums.charges.numberOf(JSON.stringify(texts))
        return [String(row.id), { order, group, isRuled: row.ruled === 1n }]
      }),
    )
    const ownersAt = new Map(owned.map((row) => [keyOf(row), String(row.parts)]))
    const leftAt = new Map(left.map((row) => [keyOf(row), row]))
    const poolOf = new Map(pools.map((row) => [row.id, names.filter(isPoolName).map((name) => String(row[name]))]))
    for (const row of charged) {
      const leftOver = leftAt.get(keyOf(row)) as (LeftOver & Row) | undefined
      const charges = chargeSide(String(row.parts), dimensionOf, isUnlisted)
      if (leftOver === undefined || charges.groups.every((group) => group === LEFT_OUT)) continue
      const isByCost = charges.isRuled || leftOver.stale === 1n
      const held = ownerSide(ownersAt.get(keyOf(row)) ?? '', leftOver, sums.owners, isLeftAsked, isByCost)
      if (held.groups.every((group) => group === LEFT_OUT)) continue
      const period = time && periodOf(row.day as Day, time)
      const place = sums.places.numberOf(JSON.stringify([period, poolOf.get(row.pool) ?? []]))
      const parts = crossed({ charges: charges.costs, owners: held.costs, weights: held.weights })
      charges.groups.forEach((charge, i) => {
        if (charge !== LEFT_OUT) add(sums, `${place} ${charge}`, held.groups, parts[i] ?? [])
      })
    }
    return sums
  }
  return {
    statements: [
      ownersOfPoolDays(question, names),
      chargesOfPoolDays(question, isUnlisted),
      dimensionsOf(question, names),
      leftOverOfPoolDays(question),
      ...textsOf(names),
    ],
    read: (answers) => crossedCells(sumsOf(answers), names, answers.slice(-2) as [Row[], Row[]]),
  }
}

function add({ costs }: CrossedSums, key: string, owners: readonly number[], parts: readonly bigint[]): void {
  const sums = costs.get(key) ?? []
  costs.set(key, sums)
  owners.forEach((owner, j) => {
    if (owner !== LEFT_OUT) sums[owner] = (sums[owner] ?? 0n) + (parts[j] ?? 0n)
  })
}

function keyOf({ day, pool }: Row): string {
  return `${day} ${pool}`
}

function tooManyParts(): HelioxError {
  const message = 'Too many owners and days to spread the bill over: ask for fewer days, or narrow the question'
  return new HelioxError('invalid', 'analytics.too_many_parts', message)
}
