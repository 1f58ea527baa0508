import type { Day } from '../../../db/units/time.ts'
import type { PriceSheet } from './sheet.ts'

/** Source: api-docs.deepseek.com, pricing. */
export const DEEPSEEK: PriceSheet = {
  provider: 'deepseek',
  isHost: false,
  source:
    'DeepSeek list prices, as the filtered copy of the LiteLLM price map in Wei-Shaw/model-price-repo (f9ff1473, MIT) republishes it',
  asOf: '2026-07-24' as Day,
  prices: `
deepseek-chat cachedInput=0.028 input=0.28 output=0.42
deepseek-reasoner cachedInput=0.028 input=0.28 output=0.42
deepseek-v4-flash cacheWrite=0 cachedInput=0.0028 input=0.14 output=0.28
deepseek-v4-pro cacheWrite=0 cachedInput=0.003625 input=0.435 output=0.87
`,
}
