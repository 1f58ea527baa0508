import { z } from 'zod'
import {
  addExact,
  divideHalfEven,
  exactOfText,
  type NanoUsd,
  nanoUsd,
  readUsd,
  toNanoUsd,
  ZERO_EXACT,
} from '../../db/units/money.ts'
import { addDays, type Day } from '../../db/units/time.ts'
import { AnsweredDay, Usd } from '../answer-fields.ts'
import { DAYS_IN_ORDER, daysInOrder } from '../day-range.ts'
import { HelioxError } from '../errors.ts'
import type { ModelPrice } from '../gateway/pricing/price.ts'
import { DayText, UsdInput } from '../input-fields.ts'
import { allow, requireWholeCompany } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { bookOf, costOn, listCosts, type TeamPart, teamParts, tokensOf, total } from './cells.ts'
import { type ModelRead, readEconomics } from './read-economics.ts'

const Rate = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => readUsd(text) !== null && !text.startsWith('-'), 'expected an amount such as "1.50"')
  .meta({ examples: ['1.50'] })

export const WhatIfAsked = z
  .object({
    ...{ start: DayText, end: DayText, model: z.string().min(1).max(200) },
    gpuHourUsd: UsdInput.refine((amount) => amount > 0n, 'must be above 0')
      .optional()
      .describe('What a GPU-hour would cost; absent: as it did'),
    utilization: z.coerce
      .number<number>()
      .min(0.000001)
      .max(1)
      .optional()
      .describe('How much of what is paid for would be held; absent: as it was'),
    inputUsdPerMillion: Rate.optional().describe('Of the API to compare with; absent: the price book'),
    cachedInputUsdPerMillion: Rate.optional().describe('Absent: as input'),
    outputUsdPerMillion: Rate.optional(),
  })
  .refine(daysInOrder, DAYS_IN_ORDER)
  .refine((asked) => (asked.inputUsdPerMillion === undefined) === (asked.outputUsdPerMillion === undefined), {
    path: ['outputUsdPerMillion'],
    message: 'input and output prices go together',
  })

export const WhatIf = z.object({
  model: z.string(),
  actual: z.object({
    gpuHourNanoUsd: Usd.nullable().describe('Usage cost ÷ GPU-hours held'),
    utilization: z.number().nullable().describe('Usage cost ÷ allocation cost; null: the capacity is unknown'),
    costNanoUsd: Usd,
    apiCostNanoUsd: Usd.nullable().describe('By the price book; null: unpriced, or no tokens'),
  }),
  days: z.array(
    z.object({ date: AnsweredDay, tokens: z.number().int(), ownCostNanoUsd: Usd, apiCostNanoUsd: Usd.nullable() }),
  ),
  tokens: z.number().int(),
  ownCostNanoUsd: Usd,
  ownPerMillionNanoUsd: Usd.nullable(),
  apiCostNanoUsd: Usd.nullable().describe('The same tokens bought. Null: unpriced, or no tokens'),
  apiPerMillionNanoUsd: Usd.nullable(),
  savingNanoUsd: Usd.nullable().describe('API cost − own cost; below 0: buying would be cheaper'),
  breakEvenTokensPerDay: z.number().int().nullable(),
})
export type WhatIf = z.output<typeof WhatIf>

const MILLION = 1_000_000n

/**
 * The window's real days of a served model once more, with another price of a GPU-hour, another utilisation, or another API
 * to buy from. A day's cost is its own, times what changed: with the actual inputs it is exactly what it was.
 *
 * @throws HelioxError not_found `unit_economics.not_served`; forbidden `auth.whole_company`
 */
export async function whatIf(scope: Scope, asked: z.output<typeof WhatIfAsked>): Promise<WhatIf> {
  allow(scope, 'ledger:read')
  requireWholeCompany(scope, 'A what-if')
  const window = { from: asked.start, before: addDays(asked.end, 1) }
  const { models } = await readEconomics(scope, window, asked.model)
  const read = models.get(asked.model)
  const parts = read ? teamParts(read).filter(({ allocation }) => allocation !== null) : []
  if (!read || parts.length === 0) {
    const message = `${asked.model} was not served on own GPUs on those days, or they have no bill yet`
    throw new HelioxError('not_found', 'unit_economics.not_served', message)
  }
  const actual = actualOf(read, parts)
  const price = { asked: asked.gpuHourUsd ?? actual.price, actual: actual.price }
  const utilization = { asked: millionths(asked.utilization) ?? actual.utilization, actual: actual.utilization }
  const scaled = (cost: bigint) => {
    const up = (price.asked ?? 1n) * (utilization.actual ?? 1n)
    const down = (price.actual ?? 1n) * (utilization.asked ?? 1n)
    return down === 0n ? cost : divideHalfEven(cost * up, down)
  }
  const book = asked.inputUsdPerMillion === undefined ? bookOf(read) : () => given(asked)
  const days = [...Map.groupBy(parts, ({ day }) => day)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, own]) => ({
      ...{
        date,
        tokens: Number(total(tokensOf(own))),
        ownCostNanoUsd: nanoUsd(scaled(costOn('allocation', own) ?? 0n)),
      },
      apiCostNanoUsd: bought(own, book),
    }))
  const tokens = total(tokensOf(parts))
  const own = nanoUsd(days.reduce((sum, day) => sum + day.ownCostNanoUsd, 0n))
  const api = bought(parts, book)
  return {
    model: asked.model,
    actual: {
      ...{ gpuHourNanoUsd: actual.price, costNanoUsd: actual.cost, apiCostNanoUsd: bought(parts, bookOf(read)) },
      utilization: actual.utilization === null ? null : Number(actual.utilization) / 1e6,
    },
    ...{ days, tokens: Number(tokens), ownCostNanoUsd: own, ownPerMillionNanoUsd: perMillion(own, tokens) },
    ...{ apiCostNanoUsd: api, apiPerMillionNanoUsd: api === null ? null : perMillion(api, tokens) },
    savingNanoUsd: api === null ? null : nanoUsd(api - own),
    breakEvenTokensPerDay: !api ? null : Number(divideHalfEven(own * tokens, api * BigInt(days.length))),
  }
}

/** Price of a GPU-hour in nano-dollars, and utilisation in millionths: as they are answered, so that they come back equal. */
function actualOf(read: ModelRead, parts: readonly TeamPart[]) {
  const cost = costOn('allocation', parts) ?? nanoUsd(0n)
  const usage = costOn('usage', parts)
  let gpuMs = 0n
  for (const { gpuMs: held, allocation } of read.served.values()) if (allocation !== null) gpuMs += held
  const hours = usage ?? cost
  const price = gpuMs === 0n ? null : nanoUsd(divideHalfEven(hours * 3_600_000n, gpuMs))
  const utilization = usage === null || cost === 0n ? null : divideHalfEven(usage * MILLION, cost)
  return { cost, price: price === 0n ? null : price, utilization: utilization === 0n ? null : utilization }
}

function millionths(share: number | undefined): bigint | null {
  return share === undefined ? null : BigInt(Math.round(share * 1e6))
}

function given(asked: z.output<typeof WhatIfAsked>): ModelPrice {
  const rate = (text: string | undefined) => exactOfText(text ?? '0')
  const rates = { input: rate(asked.inputUsdPerMillion), output: rate(asked.outputUsdPerMillion) }
  const cached = asked.cachedInputUsdPerMillion
  return {
    ...{ id: null, model: asked.model, effectiveFrom: '0001-01-01' as Day, variants: [], source: 'what if' },
    rates: cached === undefined ? rates : { ...rates, cachedInput: rate(cached) },
  }
}

/** Null: a token has no price, or there is no token to buy. */
function bought(parts: readonly TeamPart[], book: (day: Day) => ModelPrice | null): NanoUsd | null {
  if (total(tokensOf(parts)) === 0n) return null
  const lists = listCosts(parts, book)
  return lists && toNanoUsd(Object.values(lists).reduce(addExact, ZERO_EXACT))
}

function perMillion(cost: bigint, tokens: bigint): NanoUsd | null {
  return tokens <= 0n ? null : nanoUsd(divideHalfEven(cost * MILLION, tokens))
}
