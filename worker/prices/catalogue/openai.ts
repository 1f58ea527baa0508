import type { Day } from '../../../db/units/time.ts'
import type { PriceSheet } from './sheet.ts'

/** Text alone: audio, image and realtime tokens have other prices. Source: openai.com/api/pricing. */
export const OPENAI: PriceSheet = {
  provider: 'openai',
  isHost: false,
  source:
    'OpenAI list prices, as the filtered copy of the LiteLLM price map in Wei-Shaw/model-price-repo (f9ff1473, MIT) republishes it',
  asOf: '2026-07-24' as Day,
  prices: `
gpt-3.5-turbo input=0.5 output=1.5
gpt-3.5-turbo-0125 input=0.5 output=1.5
gpt-3.5-turbo-1106 input=1 output=2
gpt-3.5-turbo-16k input=3 output=4
gpt-3.5-turbo-instruct input=1.5 output=2
gpt-3.5-turbo-instruct-0914 input=1.5 output=2
gpt-4 input=30 output=60
gpt-4-0125-preview input=10 output=30
gpt-4-0314 input=30 output=60
gpt-4-0613 input=30 output=60
gpt-4-1106-preview input=10 output=30
gpt-4-turbo input=10 output=30
gpt-4-turbo-2024-04-09 input=10 output=30
gpt-4-turbo-preview input=10 output=30
gpt-4.1 cachedInput=0.5 input=2 output=8 batch:input=1 batch:output=4 priority:cachedInput=0.875 priority:input=3.5 priority:output=14
gpt-4.1-2025-04-14 cachedInput=0.5 input=2 output=8 batch:input=1 batch:output=4
gpt-4.1-mini cachedInput=0.1 input=0.4 output=1.6 batch:input=0.2 batch:output=0.8 priority:cachedInput=0.175 priority:input=0.7 priority:output=2.8
gpt-4.1-mini-2025-04-14 cachedInput=0.1 input=0.4 output=1.6 batch:input=0.2 batch:output=0.8
gpt-4.1-nano cachedInput=0.025 input=0.1 output=0.4 batch:input=0.05 batch:output=0.2 priority:cachedInput=0.05 priority:input=0.2 priority:output=0.8
gpt-4.1-nano-2025-04-14 cachedInput=0.025 input=0.1 output=0.4 batch:input=0.05 batch:output=0.2
gpt-4o cachedInput=1.25 input=2.5 output=10 batch:input=1.25 batch:output=5 priority:cachedInput=2.125 priority:input=4.25 priority:output=17
gpt-4o-2024-05-13 input=5 output=15 batch:input=2.5 batch:output=7.5 priority:input=8.75 priority:output=26.25
gpt-4o-2024-08-06 cachedInput=1.25 input=2.5 output=10 batch:input=1.25 batch:output=5
gpt-4o-2024-11-20 cachedInput=1.25 input=2.5 output=10 batch:input=1.25 batch:output=5
gpt-4o-mini cachedInput=0.075 input=0.15 output=0.6 batch:input=0.075 batch:output=0.3 priority:cachedInput=0.125 priority:input=0.25 priority:output=1
gpt-4o-mini-2024-07-18 cachedInput=0.075 input=0.15 output=0.6 batch:input=0.075 batch:output=0.3
gpt-4o-mini-search-preview cachedInput=0.075 input=0.15 output=0.6 batch:input=0.075 batch:output=0.3
gpt-4o-mini-search-preview-2025-03-11 cachedInput=0.075 input=0.15 output=0.6 batch:input=0.075 batch:output=0.3
gpt-4o-search-preview cachedInput=1.25 input=2.5 output=10 batch:input=1.25 batch:output=5
gpt-4o-search-preview-2025-03-11 cachedInput=1.25 input=2.5 output=10 batch:input=1.25 batch:output=5
gpt-5 cachedInput=0.125 input=1.25 output=10 flex:cachedInput=0.0625 flex:input=0.625 flex:output=5 priority:cachedInput=0.25 priority:input=2.5 priority:output=20
gpt-5-2025-08-07 cachedInput=0.125 input=1.25 output=10 flex:cachedInput=0.0625 flex:input=0.625 flex:output=5 priority:cachedInput=0.25 priority:input=2.5 priority:output=20
gpt-5-chat cachedInput=0.125 input=1.25 output=10
gpt-5-chat-latest cachedInput=0.125 input=1.25 output=10
gpt-5-codex cachedInput=0.125 input=1.25 output=10
gpt-5-mini cachedInput=0.025 input=0.25 output=2 flex:cachedInput=0.0125 flex:input=0.125 flex:output=1 priority:cachedInput=0.045 priority:input=0.45 priority:output=3.6
gpt-5-mini-2025-08-07 cachedInput=0.025 input=0.25 output=2 flex:cachedInput=0.0125 flex:input=0.125 flex:output=1 priority:cachedInput=0.045 priority:input=0.45 priority:output=3.6
gpt-5-nano cachedInput=0.005 input=0.05 output=0.4 flex:cachedInput=0.0025 flex:input=0.025 flex:output=0.2 priority:input=2.5
gpt-5-nano-2025-08-07 cachedInput=0.005 input=0.05 output=0.4 flex:cachedInput=0.0025 flex:input=0.025 flex:output=0.2
gpt-5-pro input=15 output=120 batch:input=7.5 batch:output=60
gpt-5-pro-2025-10-06 input=15 output=120 batch:input=7.5 batch:output=60
gpt-5-search-api cachedInput=0.125 input=1.25 output=10
gpt-5-search-api-2025-10-14 cachedInput=0.125 input=1.25 output=10
gpt-5.1 cachedInput=0.125 input=1.25 output=10 priority:cachedInput=0.25 priority:input=2.5 priority:output=20
gpt-5.1-2025-11-13 cachedInput=0.125 input=1.25 output=10 priority:cachedInput=0.25 priority:input=2.5 priority:output=20
gpt-5.1-chat-latest cachedInput=0.125 input=1.25 output=10 priority:cachedInput=0.25 priority:input=2.5 priority:output=20
gpt-5.1-codex cachedInput=0.125 input=1.25 output=10 priority:cachedInput=0.25 priority:input=2.5 priority:output=20
gpt-5.1-codex-max cachedInput=0.125 input=1.25 output=10
gpt-5.1-codex-mini cachedInput=0.025 input=0.25 output=2 priority:cachedInput=0.045 priority:input=0.45 priority:output=3.6
gpt-5.2 cachedInput=0.175 input=1.75 output=14 priority:cachedInput=0.35 priority:input=3.5 priority:output=28
gpt-5.2-2025-12-11 cachedInput=0.175 input=1.75 output=14 priority:cachedInput=0.35 priority:input=3.5 priority:output=28
gpt-5.2-chat-latest cachedInput=0.175 input=1.75 output=14 priority:cachedInput=0.35 priority:input=3.5 priority:output=28
gpt-5.2-codex cachedInput=0.175 input=1.75 output=14 priority:cachedInput=0.35 priority:input=3.5 priority:output=28
gpt-5.2-pro input=21 output=168
gpt-5.2-pro-2025-12-11 input=21 output=168
gpt-5.3-chat-latest cachedInput=0.175 input=1.75 output=14 priority:cachedInput=0.35 priority:input=3.5 priority:output=28
gpt-5.3-codex cachedInput=0.175 input=1.75 output=14 priority:cachedInput=0.35 priority:input=3.5 priority:output=28
gpt-5.3-codex-spark cachedInput=0.175 input=1.75 output=14 priority:cachedInput=0.35 priority:input=3.5 priority:output=28
gpt-5.4 cachedInput=0.25 input=2.5 output=15 >272000:cachedInput=0.5 >272000:input=5 >272000:output=22.5 batch:input=1.25 batch:output=7.5 flex:cachedInput=0.13 flex:input=1.25 flex:output=7.5 priority:cachedInput=0.5 priority:input=5 priority:output=30
gpt-5.4-2026-03-05 cachedInput=0.25 input=2.5 output=15 >272000:cachedInput=0.5 >272000:input=5 >272000:output=22.5 batch:input=1.25 batch:output=7.5 flex:cachedInput=0.13 flex:input=1.25 flex:output=7.5 priority:cachedInput=0.5 priority:input=5 priority:output=30
gpt-5.4-mini cachedInput=0.075 input=0.75 output=4.5 batch:input=0.375 batch:output=2.25 flex:cachedInput=0.0375 flex:input=0.375 flex:output=2.25 priority:cachedInput=0.15 priority:input=1.5 priority:output=9
gpt-5.4-mini-2026-03-17 cachedInput=0.075 input=0.75 output=4.5 batch:input=0.375 batch:output=2.25 flex:cachedInput=0.0375 flex:input=0.375 flex:output=2.25 priority:cachedInput=0.15 priority:input=1.5 priority:output=9
gpt-5.4-nano cachedInput=0.02 input=0.2 output=1.25 batch:input=0.1 batch:output=0.625 flex:cachedInput=0.01 flex:input=0.1 flex:output=0.625
gpt-5.4-nano-2026-03-17 cachedInput=0.02 input=0.2 output=1.25 batch:input=0.1 batch:output=0.625 flex:cachedInput=0.01 flex:input=0.1 flex:output=0.625
gpt-5.4-pro cachedInput=3 input=30 output=180 >272000:cachedInput=6 >272000:input=60 >272000:output=270 batch:input=15 batch:output=90 flex:input=15 flex:output=90
gpt-5.4-pro-2026-03-05 cachedInput=3 input=30 output=180 >272000:cachedInput=6 >272000:input=60 >272000:output=270 batch:input=15 batch:output=90 flex:input=15 flex:output=90
gpt-5.5 cachedInput=0.5 input=5 output=30 >272000:cachedInput=1 >272000:input=10 >272000:output=45 batch:input=2.5 batch:output=15 flex:cachedInput=0.25 flex:input=2.5 flex:output=15 priority:cachedInput=1 priority:input=10 priority:output=60
gpt-5.5-2026-04-23 cachedInput=0.5 input=5 output=30 >272000:cachedInput=1 >272000:input=10 >272000:output=45 batch:input=2.5 batch:output=15 flex:cachedInput=0.25 flex:input=2.5 flex:output=15 priority:cachedInput=1 priority:input=10 priority:output=60
gpt-5.5-pro cachedInput=3 input=30 output=180 >272000:cachedInput=6 >272000:input=60 >272000:output=270 batch:input=15 batch:output=90 flex:input=15 flex:output=90
gpt-5.5-pro-2026-04-23 cachedInput=3 input=30 output=180 >272000:cachedInput=6 >272000:input=60 >272000:output=270 batch:input=15 batch:output=90 flex:input=15 flex:output=90
gpt-5.6 cacheWrite=6.25 cachedInput=0.5 input=5 output=30 >272000:cacheWrite=12.5 >272000:cachedInput=1 >272000:input=10 >272000:output=45 batch:input=2.5 batch:output=15 flex:cacheWrite=3.125 flex:cachedInput=0.25 flex:input=2.5 flex:output=15 priority:cacheWrite=12.5 priority:cachedInput=1 priority:input=10 priority:output=60
gpt-5.6-luna cacheWrite=1.25 cachedInput=0.1 input=1 output=6 >272000:cacheWrite=2.5 >272000:cachedInput=0.2 >272000:input=2 >272000:output=9 batch:input=0.5 batch:output=3 flex:cacheWrite=0.625 flex:cachedInput=0.05 flex:input=0.5 flex:output=3 priority:cacheWrite=2.5 priority:cachedInput=0.2 priority:input=2 priority:output=12
gpt-5.6-sol cacheWrite=6.25 cachedInput=0.5 input=5 output=30 >272000:cacheWrite=12.5 >272000:cachedInput=1 >272000:input=10 >272000:output=45 batch:input=2.5 batch:output=15 flex:cacheWrite=3.125 flex:cachedInput=0.25 flex:input=2.5 flex:output=15 priority:cacheWrite=12.5 priority:cachedInput=1 priority:input=10 priority:output=60
gpt-5.6-terra cacheWrite=3.125 cachedInput=0.25 input=2.5 output=15 >272000:cacheWrite=6.25 >272000:cachedInput=0.5 >272000:input=5 >272000:output=22.5 batch:input=1.25 batch:output=7.5 flex:cacheWrite=1.5625 flex:cachedInput=0.125 flex:input=1.25 flex:output=7.5 priority:cacheWrite=6.25 priority:cachedInput=0.5 priority:input=5 priority:output=30
o1-2024-12-17 cachedInput=7.5 input=15 output=60
o1-pro input=150 output=600 batch:input=75 batch:output=300
o1-pro-2025-03-19 input=150 output=600 batch:input=75 batch:output=300
o3 cachedInput=0.5 input=2 output=8 flex:cachedInput=0.25 flex:input=1 flex:output=4 priority:cachedInput=0.875 priority:input=3.5 priority:output=14
o3-2025-04-16 cachedInput=0.5 input=2 output=8
o3-deep-research cachedInput=2.5 input=10 output=40 batch:input=5 batch:output=20
o3-deep-research-2025-06-26 cachedInput=2.5 input=10 output=40 batch:input=5 batch:output=20
o3-mini cachedInput=0.55 input=1.1 output=4.4
o3-mini-2025-01-31 cachedInput=0.55 input=1.1 output=4.4
o3-pro input=20 output=80 batch:input=10 batch:output=40
o3-pro-2025-06-10 input=20 output=80 batch:input=10 batch:output=40
o4-mini cachedInput=0.275 input=1.1 output=4.4 flex:cachedInput=0.1375 flex:input=0.55 flex:output=2.2 priority:cachedInput=0.5 priority:input=2 priority:output=8
o4-mini-2025-04-16 cachedInput=0.275 input=1.1 output=4.4
o4-mini-deep-research cachedInput=0.5 input=2 output=8 batch:input=1 batch:output=4
o4-mini-deep-research-2025-06-26 cachedInput=0.5 input=2 output=8 batch:input=1 batch:output=4
`,
}
