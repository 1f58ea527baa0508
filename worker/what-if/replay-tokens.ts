import type { TeamId } from '../../db/units/ids.ts'
import {
  addExact,
  divideHalfEven,
  type ExactUsd,
  exactOfText,
  type NanoUsd,
  nanoUsd,
  toNanoUsd,
  ZERO_EXACT,
} from '../../db/units/money.ts'
import { addDays, type Day } from '../../db/units/time.ts'
import { type ModelPrice, priceOn } from '../gateway/pricing/price.ts'
import { cataloguedPrice } from '../prices/catalogue/index.ts'
import { bookOf, listCosts } from '../unit-economics/cells.ts'
import type { ModelRead, TeamDay } from '../unit-economics/read-economics.ts'
import { MILLION, type ReplayAsked } from './changes.ts'

export type ReplayedCalls = {
  model: string
  teamId: TeamId | null
  before: NanoUsd
  after: NanoUsd
  /** Null: as it was. */
  source: string | null
}

type Reads = ReadonlyMap<string, ModelRead>

/** Bought tokens under other prices: those of a team and model as they were metered, times new ÷ old list price of them. */
export function replayTokens(
  models: Reads,
  isAsked: (teamId: TeamId | null) => boolean,
  asked: ReplayAsked,
): { rows: ReplayedCalls[]; notReplayed: { thing: string; missing: string }[] } {
  const notReplayed: { thing: string; missing: string }[] = []
  const rows = [...models].flatMap(([model, read]) => {
    if (read.served.size > 0) return []
    const changed = priceFor(model, models, asked)
    if (changed === 'unpriced')
      notReplayed.push({ thing: model, missing: 'No list and no book has a price of the other model' })
    return [...Map.groupBy(read.calls, ({ teamId }) => teamId)]
      .filter(([teamId]) => isAsked(teamId))
      .map(([teamId, calls]): ReplayedCalls => {
        const before = nanoUsd(calls.reduce((sum, { metered }) => sum + metered, 0n))
        const after = replayed(before, model, read, calls, changed === 'unpriced' ? null : changed)
        if (after === null)
          notReplayed.push({ thing: model, missing: 'Some of its tokens have no price in one of the two' })
        const percent = asked.tokenPercent.findLast((one) => one.model === model)?.value ?? null
        const priced = after ?? before
        return {
          ...{ model, teamId, before },
          after: percent === null ? priced : nanoUsd(divideHalfEven(priced * (MILLION + percent), MILLION)),
          source: changed === null || changed === 'unpriced' || after === null ? null : changed.source,
        }
      })
  })
  return { rows: rows.filter(({ before, after }) => before !== 0n || after !== 0n), notReplayed }
}

function priceFor(model: string, models: Reads, asked: ReplayAsked): ModelPrice | 'unpriced' | null {
  const given = asked.tokenPrice.findLast((one) => one.model === model)?.value
  if (given) return priceGiven(model, given)
  const other = asked.swapModel.findLast((one) => one.model === model)?.value
  if (!other) return null
  const last = addDays(asked.window.before, -1)
  return priceOn(models.get(other)?.prices ?? [], last) ?? cataloguedPrice('', other) ?? 'unpriced'
}

function priceGiven(
  model: string,
  { input, output, cachedInput }: ReplayAsked['tokenPrice'][number]['value'],
): ModelPrice {
  const rates = { input: exactOfText(input), output: exactOfText(output) }
  return {
    ...{ id: null, model, effectiveFrom: '0001-01-01' as Day, variants: [], source: 'as you asked' },
    rates: cachedInput === null ? rates : { ...rates, cachedInput: exactOfText(cachedInput) },
  }
}

/** Null: nobody knows. Where the old list price is known the metered cost is scaled: reported costs have discounts of their own. */
function replayed(
  before: NanoUsd,
  model: string,
  read: ModelRead,
  calls: readonly TeamDay[],
  price: ModelPrice | null,
): NanoUsd | null {
  if (price === null) return before
  const parts = calls.map((call) => ({ day: call.day, call }))
  const wished = sumOf(listCosts(parts, () => price))
  if (wished === null) return null
  const book = bookOf(read)
  const old = sumOf(listCosts(parts, (day) => book(day) ?? cataloguedPrice('', model)))
  if (old === null || old.digits === 0n) return toNanoUsd(wished)
  const scale = Math.max(old.scale, wished.scale)
  const at = ({ digits, scale: own }: ExactUsd) => digits * 10n ** BigInt(scale - own)
  return at(old) === at(wished) ? before : nanoUsd(divideHalfEven(before * at(wished), at(old)))
}

function sumOf(lists: Readonly<Record<string, ExactUsd>> | null): ExactUsd | null {
  return lists && Object.values(lists).reduce(addExact, ZERO_EXACT)
}
