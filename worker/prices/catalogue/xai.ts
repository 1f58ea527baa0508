import type { Day } from '../../../db/units/time.ts'
import type { PriceSheet } from './sheet.ts'

/** Source: docs.x.ai, models. */
export const XAI: PriceSheet = {
  provider: 'xai',
  isHost: false,
  source:
    'xAI list prices, as the filtered copy of the LiteLLM price map in Wei-Shaw/model-price-repo (f9ff1473, MIT) republishes it',
  asOf: '2026-07-24' as Day,
  prices: `
grok-4.20-0309-non-reasoning cachedInput=0.2 input=1.25 output=2.5
grok-4.20-0309-reasoning cachedInput=0.2 input=1.25 output=2.5
grok-4.20-multi-agent-0309 cachedInput=0.2 input=1.25 output=2.5
grok-4.3 cachedInput=0.2 input=1.25 output=2.5
grok-4.5 cachedInput=0.5 input=2 output=6
grok-build-0.1 cachedInput=0.2 input=1 output=2
`,
}
