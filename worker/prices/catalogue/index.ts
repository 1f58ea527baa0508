import { readUsd } from '../../../db/units/money.ts'
import type { ModelPrice, RateName, Rates } from '../../gateway/pricing/price.ts'
import { factsOf, type ModelPriceFacts, type RateTexts } from '../price-fields.ts'
import { ANTHROPIC } from './anthropic.ts'
import { DEEPSEEK } from './deepseek.ts'
import { GOOGLE } from './google.ts'
import { GROQ } from './groq.ts'
import { HYPERBOLIC } from './hyperbolic.ts'
import { LAMBDA } from './lambda.ts'
import { MISTRAL } from './mistral.ts'
import { OPENAI } from './openai.ts'
import { type PriceSheet, pricesOf, type SheetPrice } from './sheet.ts'
import { XAI } from './xai.ts'

/** Every provider's sheet. */
export const PRICE_SHEETS: readonly PriceSheet[] = [
  ...[OPENAI, ANTHROPIC, GOOGLE, MISTRAL, DEEPSEEK, XAI],
  ...[GROQ, LAMBDA, HYPERBOLIC],
]

type Listed = { sheet: PriceSheet; price: SheetPrice }
let listed: ReadonlyMap<string, Listed> | null = null

/** Read when first asked for: most isolates never ask. */
function all(): ReadonlyMap<string, Listed> {
  listed ??= new Map(
    PRICE_SHEETS.flatMap((sheet) =>
      pricesOf(sheet).map((price) => [
        sheet.isHost ? `${sheet.provider}/${price.model}` : price.model,
        { sheet, price },
      ]),
    ),
  )
  return listed
}

/**
 * Door: the list price of what a backend serves, from the shipped catalogue; null: no list has it. Models of a host with
 * others' models count under `provider/model` alone. One list stands in for every day: its date is in the source.
 */
export function cataloguedPrice(provider: string, model: string): ModelPrice | null {
  const found = all().get(`${provider}/${model}`) ?? ofOwner(provider, model)
  if (!found) return null
  const { sheet, price } = found
  return {
    ...{ id: null, model: price.model, effectiveFrom: sheet.asOf, source: sourceOf(sheet), rates: exact(price.rates) },
    variants: price.variants.map(({ tier, aboveTokens, ...rates }) => ({
      ...{ tier: tier ?? null, aboveTokens: aboveTokens ?? null, rates: exact(rates) },
    })),
  }
}

/** By the model's own name, or by `openai/gpt-4o` as resellers write it. */
function ofOwner(provider: string, model: string): Listed | undefined {
  const found = all().get(model)
  if (found) return found
  const [owner, ...rest] = model.split('/')
  const owned = provider === owner ? all().get(rest.join('/')) : undefined
  return owned?.sheet.provider === owner ? owned : undefined
}

/** Every price of the catalogue under the name that it counts by, in the order of names. */
export function catalogue(): ModelPriceFacts[] {
  return [...all()].map(([model, { sheet, price }]) =>
    factsOf({ ...price, model, effectiveFrom: sheet.asOf, source: sourceOf(sheet) }),
  )
}

/** The rates of the catalogue under a name that it counts by, to hold other prices against. */
export function cataloguedRates(model: string): RateTexts | null {
  return all().get(model)?.price.rates ?? null
}

function sourceOf({ source, asOf }: PriceSheet): string {
  return `Catalogue: ${source}; as of ${asOf}`
}

function exact(texts: RateTexts): Rates {
  const known = (Object.entries(texts) as [RateName, string][]).flatMap(([name, text]) => {
    const rate = readUsd(text)
    return rate ? [[name, rate] as const] : []
  })
  return Object.fromEntries(known)
}
