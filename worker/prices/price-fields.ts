import { z } from 'zod'
import type { modelPrices } from '../../db/schema/prices.ts'
import { AnsweredDay, AnsweredId, Instant, Version } from '../answer-fields.ts'
import { RATE_NAMES, type RateName, StoredVariants, TIERS } from '../gateway/pricing/price.ts'

const Rate = z
  .string()
  .describe('US dollars for a million tokens: exact decimal text')
  .meta({ examples: ['2.50'] })

const VariantAnswer = z.object({
  tier: z.enum(TIERS).nullable(),
  aboveTokens: z.number().int().nullable().describe('Holds for whole requests with more input than this'),
  inputUsdPerMillion: Rate.nullable(),
  outputUsdPerMillion: Rate.nullable(),
  cachedInputUsdPerMillion: Rate.nullable(),
  cacheWriteUsdPerMillion: Rate.nullable(),
  cacheWriteLongUsdPerMillion: Rate.nullable(),
  reasoningUsdPerMillion: Rate.nullable(),
})

/** What a million tokens of a model cost from a day on. A bucket that is null costs what its parent costs. */
export const ModelPriceFacts = z.object({
  model: z.string(),
  effectiveFrom: AnsweredDay.describe('First UTC day it holds for'),
  inputUsdPerMillion: Rate,
  outputUsdPerMillion: Rate,
  cachedInputUsdPerMillion: Rate.nullable(),
  cacheWriteUsdPerMillion: Rate.nullable(),
  cacheWriteLongUsdPerMillion: Rate.nullable().describe('Of what is kept an hour'),
  reasoningUsdPerMillion: Rate.nullable(),
  variants: z.array(VariantAnswer).describe('Of service tiers, and of whole requests above a threshold'),
  source: z.string().describe('Who says so'),
})
export type ModelPriceFacts = z.output<typeof ModelPriceFacts>

export const OwnModelPrice = ModelPriceFacts.extend({ id: AnsweredId('price'), createdAtMs: Instant })
export type OwnModelPrice = z.output<typeof OwnModelPrice>
export const ModelPriceAlone = OwnModelPrice.extend({ version: Version })
export type ModelPriceAlone = z.output<typeof ModelPriceAlone>

/** Prices as texts by bucket, as they are stored. */
export type RateTexts = Partial<Record<RateName, string>>
export type VariantTexts = { tier?: (typeof TIERS)[number]; aboveTokens?: number } & RateTexts
export type PriceTexts = { rates: RateTexts; variants: readonly VariantTexts[] }

type WireRates = { [N in RateName as `${N}UsdPerMillion`]?: string | null | undefined }

/** Fields of a question as texts by bucket; null clears, absent is absent. */
export function ratesIn(fields: WireRates): RateTexts {
  const given = RATE_NAMES.flatMap((name) => {
    const text = fields[`${name}UsdPerMillion`]
    return text == null ? [] : [[name, text] as const]
  })
  return Object.fromEntries(given)
}

/** The variants of a question as they are stored, in one order. */
export function variantsIn(
  given: readonly (WireRates & {
    tier?: VariantTexts['tier'] | null | undefined
    aboveTokens?: number | null | undefined
  })[],
): VariantTexts[] {
  return inOrder(
    given.map((one) => ({
      ...(one.tier ? { tier: one.tier } : {}),
      ...(one.aboveTokens ? { aboveTokens: one.aboveTokens } : {}),
      ...ratesIn(one),
    })),
  )
}

/** Variants in one order, so that what is the same is the same text. */
export function inOrder(variants: readonly VariantTexts[]): VariantTexts[] {
  return [...variants].sort(
    (a, b) => (a.tier ?? '').localeCompare(b.tier ?? '') || (a.aboveTokens ?? 0) - (b.aboveTokens ?? 0),
  )
}

/** Texts by bucket as the fields of an answer. */
export function ratesOut(rates: RateTexts) {
  const { input, output, cachedInput, cacheWrite, cacheWriteLong, reasoning } = rates
  return {
    inputUsdPerMillion: input ?? null,
    outputUsdPerMillion: output ?? null,
    cachedInputUsdPerMillion: cachedInput ?? null,
    cacheWriteUsdPerMillion: cacheWrite ?? null,
    cacheWriteLongUsdPerMillion: cacheWriteLong ?? null,
    reasoningUsdPerMillion: reasoning ?? null,
  }
}

export function variantsOut(variants: readonly VariantTexts[]): ModelPriceFacts['variants'] {
  return variants.map(({ tier, aboveTokens, ...rates }) => ({
    ...{ tier: tier ?? null, aboveTokens: aboveTokens ?? null },
    ...ratesOut(rates),
  }))
}

type Row = typeof modelPrices.$inferSelect

/** A row's prices as texts. */
export function textsOf(
  row: Pick<Row, RateName | 'variantsJson'>,
): PriceTexts & { rates: { input: string; output: string } } {
  const rates = RATE_NAMES.flatMap((name) => (row[name] === null ? [] : [[name, row[name]] as const]))
  return {
    rates: Object.fromEntries(rates) as RateTexts & { input: string; output: string },
    variants: inOrder(StoredVariants.parse(JSON.parse(row.variantsJson)) as VariantTexts[]),
  }
}

/** A row as it is answered. */
export function priceRow(row: Row): OwnModelPrice {
  const { id, model, effectiveFrom, source, createdAtMs } = row
  const { rates, variants } = textsOf(row)
  return { id, ...factsOf({ model, effectiveFrom, source, rates, variants }), createdAtMs }
}

export function factsOf(
  price: Pick<ModelPriceFacts, 'model' | 'effectiveFrom' | 'source'> & PriceTexts,
): ModelPriceFacts {
  const { model, effectiveFrom, source, rates, variants } = price
  const { input = '', output = '' } = rates
  return {
    ...{ model, effectiveFrom, ...ratesOut(rates), inputUsdPerMillion: input, outputUsdPerMillion: output },
    ...{ variants: variantsOut(variants), source },
  }
}
