import { costOf } from '../../gateway/pricing/cost.ts'
import { type ModelPrice, priceOn } from '../../gateway/pricing/price.ts'
import { cataloguedPrice } from '../../prices/catalogue/index.ts'
import { doorTo } from '../doors.ts'
import type { Estate, PlainCalls } from '../estate.ts'
import { percent } from '../monthly.ts'
import { tokensPart } from '../parts.ts'
import type { AdviceKind, Found } from './kind.ts'

/** Calls that nobody watched coming, where the model has a price for those that can wait. */
export const batchTier: AdviceKind = {
  kind: 'batch-tier',
  name: 'Calls that could wait',
  how: 'Calls that did not stream, at the batch price of their model in the catalogue, in proportion to what they cost: what if, since whether a call can wait no source says.',
  find: (estate) => {
    const found: Found[] = []
    const notLooked: { thing: string; missing: string }[] = []
    for (const calls of estate.plainCalls) {
      const price = priceOf(estate, calls)
      if (!price?.variants.some(({ tier }) => tier === 'batch')) {
        notLooked.push({ thing: calls.asked, missing: 'No list has a batch price of it' })
        continue
      }
      const [ordinary, batch] = [null, 'batch'].map((tier) => costOf(countsOf(calls), price, tier))
      if (!ordinary || batch === null || batch === undefined || batch >= ordinary) continue
      found.push(adviceOn(estate, calls, price, ordinary, batch))
    }
    return { found: mergedByThing(found), notLooked: [...new Map(notLooked.map((one) => [one.thing, one])).values()] }
  },
}

/** Of the list, whose prices have tiers: own prices of the window are read without them. */
function priceOf({ models, window }: Estate, { provider, model, asked }: PlainCalls): ModelPrice | null {
  return (
    cataloguedPrice(provider, model) ??
    cataloguedPrice(provider, asked) ??
    priceOn(models.get(asked)?.prices ?? [], window.from)
  )
}

function countsOf(calls: PlainCalls) {
  return {
    ...{ inputTokens: Number(calls.input), cachedInputTokens: Number(calls.cachedInput) },
    ...{ cacheWriteTokens: Number(calls.cacheWrite), cacheWriteLongTokens: 0 },
    ...{ outputTokens: Number(calls.output), reasoningTokens: Number(calls.reasoning) },
  }
}

function adviceOn(estate: Estate, calls: PlainCalls, price: ModelPrice, ordinary: bigint, batch: bigint): Found {
  const { teamId, asked, costNanoUsd: paid, callCount } = calls
  const team = teamId === null ? 'calls of no team' : (estate.teamNames.get(teamId) ?? teamId)
  const all = (estate.models.get(asked)?.calls ?? [])
    .filter((call) => call.teamId === teamId)
    .reduce((sum, call) => sum + call.metered, 0n)
  const href = doorTo('/requests', estate.window, { model: asked, team_id: teamId })
  return {
    ...{ thing: JSON.stringify([asked, teamId]), teamId, effort: 'medium', confidence: 'low', href },
    title: `What if ${team} let calls of ${asked} wait`,
    action: 'Send what can wait for hours through the provider’s batch interface',
    formula: `What ${callCount} calls cost × (1 − batch price ÷ ordinary price of their tokens): ${percent(ordinary - batch, ordinary)}; ${price.source}`,
    because: 'They did not stream, so nobody watched the answer come; whether they can wait for hours you know',
    evidence: [
      { what: `${callCount} calls that did not stream`, note: asked, costNanoUsd: paid, gpuSeconds: null, href },
    ],
    claims: [
      {
        path: [tokensPart(teamId, asked, all > paid ? all : paid)],
        ...{ touchedNanoUsd: paid, savedNanoUsd: (paid * (ordinary - batch)) / ordinary },
      },
    ],
    isWorth: true,
  }
}

/** Calls that two backends served are of one thing. */
function mergedByThing(found: readonly Found[]): Found[] {
  return [...Map.groupBy(found, ({ thing }) => thing).values()].map((same) => ({
    ...(same[0] as Found),
    evidence: same.flatMap(({ evidence }) => evidence),
    claims: same.flatMap(({ claims }) => claims),
  }))
}
