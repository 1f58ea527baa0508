import { exactText, readUsd } from '../../../db/units/money.ts'
import type { Day } from '../../../db/units/time.ts'
import { RATE_NAMES, type RateName, TIERS } from '../../gateway/pricing/price.ts'
import { inOrder, type PriceTexts, type RateTexts, type VariantTexts } from '../price-fields.ts'

/** One provider's list prices of one day. */
export type PriceSheet = {
  /** As a backend's provider is called. */
  provider: string
  /** Serves models of others: a name counts only together with the provider's. */
  isHost: boolean
  source: string
  asOf: Day
  /**
   * A model a line: its name, then US dollars for a million tokens as `bucket=price`. Of a tier `flex:bucket=price`, of whole
   * requests above a threshold `>200000:bucket=price`, of both `priority>200000:bucket=price`.
   */
  prices: string
}

export type SheetPrice = { model: string } & PriceTexts

/** The lines of a sheet. @throws Error for a line that is none, which is a slip of ours */
export function pricesOf({ prices, provider }: PriceSheet): SheetPrice[] {
  return prices
    .trim()
    .split('\n')
    .map((line) => {
      const [model = '', ...fields] = line.split(' ')
      const rates: RateTexts = {}
      const variants = new Map<string, VariantTexts>()
      for (const field of fields) {
        const [, tier, above, name, text = ''] = /^(?:([a-z]*)(?:>(\d+))?:)?(\w+)=(\d+(?:\.\d+)?)$/.exec(field) ?? []
        if (!RATE_NAMES.includes(name as RateName) || (tier && !TIERS.includes(tier as never)))
          throw new Error(`${provider}: not a price: ${line}`)
        const key = `${tier ?? ''}>${above ?? ''}`
        const known = variants.get(key) ?? {
          ...(tier ? { tier: tier as NonNullable<VariantTexts['tier']> } : {}),
          ...(above ? { aboveTokens: Number(above) } : {}),
        }
        if (tier || above) variants.set(key, known)
        const into: RateTexts = tier || above ? known : rates
        const exact = readUsd(text)
        if (exact) into[name as RateName] = exactText(exact)
      }
      return { model, rates, variants: inOrder([...variants.values()]) }
    })
}
