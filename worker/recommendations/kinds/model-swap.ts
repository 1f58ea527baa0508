import type { TeamId } from '../../../db/units/ids.ts'
import { addExact, type NanoUsd, toNanoUsd, ZERO_EXACT } from '../../../db/units/money.ts'
import type { ModelPrice } from '../../gateway/pricing/price.ts'
import { catalogue, cataloguedPrice } from '../../prices/catalogue/index.ts'
import { bookOf, listCosts } from '../../unit-economics/cells.ts'
import type { TeamDay } from '../../unit-economics/read-economics.ts'
import { doorTo } from '../doors.ts'
import type { Estate } from '../estate.ts'
import { familyOf } from '../model-family.ts'
import { percent } from '../monthly.ts'
import { tokensPart } from '../parts.ts'
import { type AdviceKind, type Found, MOST_EVIDENCE } from './kind.ts'

/** A team's calls on the next cheaper model of the same family. */
export const modelSwap: AdviceKind = {
  kind: 'model-swap',
  name: 'A smaller model',
  how: 'The tokens that a team was billed for, at the price of the next cheaper model of the same family in the catalogue: what if, not a promise, since answers differ.',
  find: (estate) => {
    const found: Found[] = []
    const notLooked: { thing: string; missing: string }[] = []
    for (const [model, read] of estate.models) {
      if (read.served.size > 0) continue
      for (const [teamId, calls] of Map.groupBy(read.calls, (call) => call.teamId)) {
        const unpriced = calls.reduce((sum, call) => sum + call.unpricedTokens, 0n)
        if (unpriced > 0n) {
          notLooked.push({ thing: `${model}, ${teamOf(estate, teamId)}`, missing: 'Some of its tokens have no price' })
          continue
        }
        const cost = calls.reduce((sum, call) => sum + call.metered, 0n)
        const other = cost > 0n ? nextCheaper(model, calls, cost) : null
        if (other) found.push(adviceOn(estate, model, teamId, calls, cost, other))
      }
    }
    return { found, notLooked }
  },
}

type Other = { model: string; costNanoUsd: NanoUsd; source: string }

/** Of the models of the family that would cost less, the dearest: one step down. */
function nextCheaper(model: string, calls: readonly TeamDay[], cost: bigint): Other | null {
  const family = familyOf(model)
  if (family === null) return null
  const others = catalogue()
    .filter((one) => one.model !== model && familyOf(one.model) === family && !isDated(one.model))
    .flatMap((one): Other[] => {
      const price = cataloguedPrice('', one.model)
      const at = price && costAt(calls, price)
      return price && at !== null && at < cost ? [{ model: one.model, costNanoUsd: at, source: price.source }] : []
    })
  return others.sort((a, b) => (a.costNanoUsd > b.costNanoUsd ? -1 : 1))[0] ?? null
}

/** What the calls' tokens cost by a price; null: it lacks one. */
export function costAt(calls: readonly TeamDay[], price: ModelPrice): NanoUsd | null {
  const lists = listCosts(
    calls.map((call) => ({ day: call.day, call })),
    () => price,
  )
  return lists && toNanoUsd(Object.values(lists).reduce(addExact, ZERO_EXACT))
}

/** "gpt-4o-2024-08-06" is a version of one that stands in the list by itself. */
function isDated(model: string): boolean {
  return /\d{4}-?\d{2}-?\d{2}$|-latest$|-preview$/.test(model)
}

function teamOf({ teamNames }: Estate, teamId: TeamId | null): string {
  return teamId === null ? 'calls of no team' : (teamNames.get(teamId) ?? teamId)
}

function adviceOn(
  estate: Estate,
  model: string,
  teamId: TeamId | null,
  calls: readonly TeamDay[],
  cost: bigint,
  other: Other,
): Found {
  const href = doorTo('/tokens', estate.window, { model, team_id: teamId })
  const tokens = (call: TeamDay) => Object.values(call.tokens).reduce((sum, one) => sum + one, 0n)
  const listed = bookOf(estate.models.get(model) ?? { served: new Map(), calls: [], serverTokens: null, prices: [] })
  return {
    ...{ thing: JSON.stringify([model, teamId]), teamId, effort: 'medium', confidence: 'low', href },
    title: `What if ${teamOf(estate, teamId)} asked ${other.model} instead of ${model}`,
    action: `Try ${other.model} on the calls that need the least, and compare the answers`,
    formula: `What the calls cost − the same tokens at the price of ${other.model}: ${percent(other.costNanoUsd, cost)} of it; ${other.source}`,
    because: `A what-if, not a promise: ${other.model} may answer otherwise, or with more tokens${listed(estate.window.from) ? '' : '; what is paid now is what was metered'}`,
    evidence: [...calls]
      .sort((a, b) => (a.metered > b.metered ? -1 : 1))
      .slice(0, MOST_EVIDENCE)
      .map((call) => ({
        ...{ what: call.day, costNanoUsd: call.metered, gpuSeconds: null, href },
        note: `${call.requests} calls, ${tokens(call)} tokens`,
      })),
    claims: [
      {
        path: [tokensPart(teamId, model, cost)],
        ...{ touchedNanoUsd: cost, savedNanoUsd: cost - other.costNanoUsd },
      },
    ],
    isWorth: true,
  }
}
