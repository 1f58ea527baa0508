import type { Day } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import { isByOwner } from './conditions.ts'
import {
  chargesOfPoolDays,
  dimensionsOf,
  leftOverOfDays,
  MOST_PARTS,
  ownerOfKey,
  ownersOfPoolDays,
  textsOf,
} from './cross-statements.ts'
import { crossed } from './crossed.ts'
import { type CrossedSums, crossedCells } from './crossed-cells.ts'
import { type Grouping, isPoolName } from './dimensions.ts'
import type { Part, Row } from './ledger.ts'
import { leftOverAt, withLeftOver } from './left-over.ts'
import { periodOf } from './periods.ts'
import { LEFT_OUT, newGroups, type Place, planned, plansOf } from './pool-day-parts.ts'
import type { Visible } from './visible-question.ts'

/**
 * What only the bill knows together with whose it is, which no bill says: each pool-day's charges are spread over its
 * owners, and over what nobody was charged, by `crossed`. An owner's cells sum to what it is charged without the bill's
 * names, a charge's to the charge. Worked out here, because products of money and weights pass 64 bits.
 *
 * @throws HelioxError invalid `analytics.too_many_parts`
 */
export function crossPart(question: Visible, { time, names, isUnlisted = false }: Grouping): Part {
  const isLeftAsked = !isByOwner(question)
  const sumsOf = ([owned = [], charged = [], dimensions = [], left = [], pools = []]: Row[][]): CrossedSums => {
    if (owned.reduce((sum, row) => sum + Number(row.pieces), 0) > MOST_PARTS) throw tooManyParts()
    const sums: CrossedSums = { charges: newGroups(), owners: newGroups(), places: newGroups(), costs: new Map() }
    const chargePlan = plansOf(chargePlaces(dimensions, sums))
    const ownerPlan = plansOf((key) => ownerPlace(key, sums))
    const ownersAt = new Map(owned.map((row) => [keyOf(row), row]))
    const leftAt = leftOverAt(left)
    const ruled = new Set(dimensions.filter((row) => row.ruled === 1n).map((row) => Number(row.id)))
    const poolOf = new Map(pools.map((row) => [row.id, names.filter(isPoolName).map((name) => String(row[name]))]))
    for (const row of charged) {
      const plan = chargePlan(String(row.keys))
      const leftOver = leftAt.get(keyOf(row))
      if (!plan.isAsked || !leftOver) continue
      const { keys = '', costs = '', weights = '' } = (ownersAt.get(keyOf(row)) ?? {}) as Record<string, string>
      const owner = ownerPlan(keys)
      if (!owner.isAsked && !isLeftAsked) continue
      const isRuled =
        ruled.size > 0 &&
        String(row.keys)
          .split(',')
          .some((key) => ruled.has(Math.floor(Number(key) / 2)))
      const group = isLeftAsked ? sums.owners.numberOf(leftOver.kind) : LEFT_OUT
      const held = { groups: owner.groups, costs: planned(owner, costs), weights: planned(owner, weights) }
      const side = withLeftOver(held, { ...leftOver, group, isByCost: isRuled || leftOver.isStale })
      const period = time && periodOf(row.day as Day, time)
      const place = sums.places.numberOf(JSON.stringify([period, poolOf.get(row.pool as bigint) ?? []]))
      const parts = crossed({ charges: planned(plan, String(row.costs)), owners: side.costs, weights: side.weights })
      plan.groups.forEach((charge, i) => {
        if (charge !== LEFT_OUT) add(sums, `${place} ${charge}`, side.groups, parts[i] ?? [])
      })
    }
    return sums
  }
  return {
    statements: [
      ownersOfPoolDays(question, names),
      chargesOfPoolDays(question, isUnlisted),
      dimensionsOf(question, names),
      leftOverOfDays(question),
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

/** Charges stand in the order of their dimensions, and have the group of the names asked for. */
function chargePlaces(dimensions: Row[], { charges }: CrossedSums): (key: string) => Place {
  const places = new Map(
    dimensions.map((row, order): [number, Place] => {
      const group = row.asked === 0n ? LEFT_OUT : charges.numberOf(String(row.names))
      return [Number(row.id), { order: order * 2, group }]
    }),
  )
  return (key) => {
    const [dimension, isLeftOut] = [Math.floor(Number(key) / 2), Number(key) % 2]
    const { order, group } = places.get(dimension) ?? { order: 0, group: LEFT_OUT }
    return { order: order + isLeftOut, group: isLeftOut ? LEFT_OUT : group }
  }
}

/** Owners stand in the order of their numbers. */
function ownerPlace(key: string, { owners }: CrossedSums): Place {
  const { team, model, status, isAsked } = ownerOfKey(Number(key))
  return { order: Number(key), group: isAsked ? owners.numberOf(`${team}:${model}:${status}`) : LEFT_OUT }
}

function keyOf({ day, pool }: Row): string {
  return `${day} ${pool}`
}

function tooManyParts(): HelioxError {
  const message = 'Too many owners and days to spread the bill over: ask for fewer days, or narrow the question'
  return new HelioxError('invalid', 'analytics.too_many_parts', message)
}
