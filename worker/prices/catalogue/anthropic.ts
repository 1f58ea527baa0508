import type { Day } from '../../../db/units/time.ts'
import type { PriceSheet } from './sheet.ts'

/** Source: docs.claude.com, pricing. Models that are retired are left out. */
export const ANTHROPIC: PriceSheet = {
  provider: 'anthropic',
  isHost: false,
  source:
    'Anthropic list prices, as the filtered copy of the LiteLLM price map in Wei-Shaw/model-price-repo (f9ff1473, MIT) republishes it',
  asOf: '2026-07-24' as Day,
  prices: `
claude-3-7-sonnet-20250219 cacheWrite=3.75 cacheWriteLong=6 cachedInput=0.3 input=3 output=15
claude-4-opus-20250514 cacheWrite=18.75 cacheWriteLong=30 cachedInput=1.5 input=15 output=75
claude-4-sonnet-20250514 cacheWrite=3.75 cacheWriteLong=6 cachedInput=0.3 input=3 output=15 >200000:cacheWrite=7.5 >200000:cachedInput=0.6 >200000:input=6 >200000:output=22.5
claude-fable-5 cacheWrite=12.5 cacheWriteLong=20 cachedInput=1 input=10 output=50
claude-haiku-4-5 cacheWrite=1.25 cacheWriteLong=2 cachedInput=0.1 input=1 output=5
claude-haiku-4-5-20251001 cacheWrite=1.25 cacheWriteLong=2 cachedInput=0.1 input=1 output=5
claude-mythos-5 cacheWrite=12.5 cacheWriteLong=20 cachedInput=1 input=10 output=50
claude-opus-4-1 cacheWrite=18.75 cacheWriteLong=30 cachedInput=1.5 input=15 output=75
claude-opus-4-1-20250805 cacheWrite=18.75 cacheWriteLong=30 cachedInput=1.5 input=15 output=75
claude-opus-4-20250514 cacheWrite=18.75 cacheWriteLong=30 cachedInput=1.5 input=15 output=75
claude-opus-4-5 cacheWrite=6.25 cacheWriteLong=10 cachedInput=0.5 input=5 output=25
claude-opus-4-5-20251101 cacheWrite=6.25 cacheWriteLong=10 cachedInput=0.5 input=5 output=25
claude-opus-4-6 cacheWrite=6.25 cacheWriteLong=10 cachedInput=0.5 input=5 output=25
claude-opus-4-6-20260205 cacheWrite=6.25 cacheWriteLong=10 cachedInput=0.5 input=5 output=25
claude-opus-4-7 cacheWrite=6.25 cacheWriteLong=10 cachedInput=0.5 input=5 output=25
claude-opus-4-7-20260416 cacheWrite=6.25 cacheWriteLong=10 cachedInput=0.5 input=5 output=25
claude-opus-4-8 cacheWrite=6.25 cacheWriteLong=10 cachedInput=0.5 input=5 output=25
claude-opus-5 cacheWrite=6.25 cacheWriteLong=10 cachedInput=0.5 input=5 output=25
claude-sonnet-4-20250514 cacheWrite=3.75 cacheWriteLong=6 cachedInput=0.3 input=3 output=15 >200000:cacheWrite=7.5 >200000:cachedInput=0.6 >200000:input=6 >200000:output=22.5
claude-sonnet-4-5 cacheWrite=3.75 cacheWriteLong=6 cachedInput=0.3 input=3 output=15 >200000:cacheWriteLong=12 >200000:cacheWrite=7.5 >200000:cachedInput=0.6 >200000:input=6 >200000:output=22.5
claude-sonnet-4-5-20250929 cacheWrite=3.75 cacheWriteLong=6 cachedInput=0.3 input=3 output=15 >200000:cacheWriteLong=12 >200000:cacheWrite=7.5 >200000:cachedInput=0.6 >200000:input=6 >200000:output=22.5
claude-sonnet-4-6 cacheWrite=3.75 cacheWriteLong=6 cachedInput=0.3 input=3 output=15
claude-sonnet-5 cacheWrite=2.5 cacheWriteLong=4 cachedInput=0.2 input=2 output=10
`,
}
