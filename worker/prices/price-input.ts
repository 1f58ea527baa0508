import { z } from 'zod'
import { exactText, readUsd } from '../../db/units/money.ts'
import { DayText, IdText, LineText, NormalName, SeenVersion } from '../input-fields.ts'

/** More than this a token is a price that was typed per token into a field per million, or worse. */
const MOST_PER_MILLION = 1_000_000n
/** Decimals of a price per million tokens. */
const MOST_DECIMALS = 12

/** US dollars for a million tokens as exact decimal text; a JSON number is taken as it was written. A true 0 is free. */
export const UsdPerMillion = z
  .union([z.string(), z.number()], 'expected US dollars for a million tokens, such as "2.50"')
  .meta({ examples: ['2.50'] })
  .transform((given, context): string => {
    const exact = readUsd(String(given).trim())
    const text = exact ? exactText(exact) : ''
    const wrong = !exact
      ? `expected US dollars for a million tokens, such as "2.50", found "${String(given).slice(0, 40)}"`
      : exact.digits < 0n
        ? 'must not be negative'
        : exact.digits > MOST_PER_MILLION * 10n ** BigInt(exact.scale)
          ? 'is more than $1 a token: the price is of a million tokens'
          : (text.split('.')[1] ?? '').length > MOST_DECIMALS
            ? `must have at most ${MOST_DECIMALS} decimals`
            : null
    if (wrong !== null) context.addIssue({ code: 'custom', message: wrong })
    return wrong === null ? text : ''
  })

/** As a backend calls it, as clients ask for it, or `provider/model`. */
export const PricedModel = LineText(200)
  .refine((name) => name !== '', 'must not be empty')
  .meta({ examples: ['gpt-4.1-mini'] })

const OPTIONAL_RATES = {
  cachedInputUsdPerMillion: UsdPerMillion.nullish().describe('Input read from the provider’s cache; absent: as input'),
  cacheWriteUsdPerMillion: UsdPerMillion.nullish().describe('Input written into that cache; absent: as input'),
  cacheWriteLongUsdPerMillion: UsdPerMillion.nullish().describe('Written to be kept an hour; absent: as other writes'),
  reasoningUsdPerMillion: UsdPerMillion.nullish().describe('Reasoning; absent: as output'),
}

/** Other prices of the same model: of a service tier, of whole requests above so many input tokens, or of both. */
const VariantInput = z
  .object({
    tier: z.enum(['batch', 'flex', 'priority']).nullish(),
    aboveTokens: z.number().int().positive().max(1_000_000_000).nullish(),
    inputUsdPerMillion: UsdPerMillion.nullish(),
    outputUsdPerMillion: UsdPerMillion.nullish(),
    ...OPTIONAL_RATES,
  })
  .refine(({ tier, aboveTokens }) => tier || aboveTokens, 'must name a tier, a threshold, or both')

const MORE = {
  ...OPTIONAL_RATES,
  variants: z.array(VariantInput).max(50).optional().describe('Absent: as before, or none'),
  effectiveFrom: DayText.optional().describe('First UTC day it holds for; absent: today'),
  source: LineText(200)
    .nullish()
    .describe('Who says so')
    .meta({ examples: ['Price list of 2026-11-01'] }),
  confirm: z.boolean().optional().describe('Takes a price that is a hundred times another, or a hundredth'),
}

export const NewModelPrice = z.object({
  model: PricedModel,
  inputUsdPerMillion: UsdPerMillion,
  outputUsdPerMillion: UsdPerMillion,
  ...MORE,
})
/** What is absent stays. */
export const ModelPriceChange = z.object({
  id: IdText('price'),
  version: SeenVersion,
  model: PricedModel.optional(),
  inputUsdPerMillion: UsdPerMillion.optional(),
  outputUsdPerMillion: UsdPerMillion.optional(),
  ...MORE,
})

const UsdPerGpuHour = z
  .union([z.string(), z.number()], 'expected US dollars for a GPU-hour, such as "2.49"')
  .meta({ examples: ['2.49'] })
  .transform((given, context): string => {
    const exact = readUsd(String(given).trim())
    const text = exact ? exactText(exact) : ''
    const wrong = !exact
      ? `expected US dollars for a GPU-hour, such as "2.49", found "${String(given).slice(0, 40)}"`
      : exact.digits < 0n
        ? 'must not be negative'
        : (text.split('.')[1] ?? '').length > 9
          ? 'must have at most 9 decimals'
          : null
    if (wrong !== null) context.addIssue({ code: 'custom', message: wrong })
    return wrong === null ? text : '0.00'
  })

const Named = NormalName.refine((name) => name !== '', 'must not be empty')

export const NewGpuPrice = z.object({
  provider: Named,
  gpuType: Named,
  usdPerGpuHour: UsdPerGpuHour,
  effectiveFrom: DayText.optional().describe('First UTC day it holds for; absent: today'),
  source: LineText(200).nullish().describe('Who says so'),
  confirm: z.boolean().optional().describe('Takes a price that is a hundred times another, or a hundredth'),
})
/** What is absent stays. */
export const GpuPriceChange = NewGpuPrice.partial().extend({ id: IdText('gprice'), version: SeenVersion })

/** The calls of which days are calculated again, both ends included. */
export const Repricing = z
  .object({
    model: PricedModel.optional().describe('As it was asked for, or as the backend calls it; absent: all'),
    from: DayText,
    to: DayText.describe('The last day, included'),
    dryRun: z.boolean().default(true).describe('Says what would change, and changes nothing'),
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before the first day' })
