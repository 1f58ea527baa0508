import type { Day } from '../../../db/units/time.ts'
import type { PriceSheet } from './sheet.ts'

/** Text alone. Source: ai.google.dev/gemini-api/docs/pricing. */
export const GOOGLE: PriceSheet = {
  provider: 'google',
  isHost: false,
  source:
    'Google list prices of Gemini, as the filtered copy of the LiteLLM price map in Wei-Shaw/model-price-repo (f9ff1473, MIT) republishes it',
  asOf: '2026-07-24' as Day,
  prices: `
gemini-2.0-flash cachedInput=0.025 input=0.1 output=0.4
gemini-2.0-flash-001 cachedInput=0.0375 input=0.15 output=0.6
gemini-2.0-flash-lite cachedInput=0.01875 input=0.075 output=0.3
gemini-2.0-flash-lite-001 cachedInput=0.01875 input=0.075 output=0.3
gemini-2.5-computer-use-preview-10-2025 input=1.25 output=10 >200000:input=2.5 >200000:output=15
gemini-2.5-flash cachedInput=0.03 input=0.3 output=2.5
gemini-2.5-flash-lite cachedInput=0.01 input=0.1 output=0.4
gemini-2.5-flash-lite-preview-06-17 cachedInput=0.025 input=0.1 output=0.4
gemini-2.5-flash-lite-preview-09-2025 cachedInput=0.01 input=0.1 output=0.4
gemini-2.5-flash-preview-09-2025 cachedInput=0.075 input=0.3 output=2.5
gemini-2.5-pro cachedInput=0.125 input=1.25 output=10 >200000:cacheWrite=0.25 >200000:cachedInput=0.25 >200000:input=2.5 >200000:output=15
gemini-3-flash cachedInput=0.05 input=0.5 output=3 priority:cachedInput=0.09 priority:input=0.9 priority:output=5.4
gemini-3-flash-preview cachedInput=0.05 input=0.5 output=3 priority:cachedInput=0.09 priority:input=0.9 priority:output=5.4
gemini-3-pro-preview cachedInput=0.2 input=2 output=12 >200000:cacheWrite=0.25 >200000:cachedInput=0.4 >200000:input=4 >200000:output=18 batch:input=1 batch:output=6 priority:cachedInput=0.36 priority:input=3.6 priority:output=21.6 priority>200000:cachedInput=0.72 priority>200000:input=7.2 priority>200000:output=32.4
gemini-3.1-flash-lite cachedInput=0.025 input=0.25 output=1.5 batch:input=0.125 batch:output=0.75 flex:cachedInput=0.0125 flex:input=0.125 flex:output=0.75 priority:cachedInput=0.045 priority:input=0.45 priority:output=2.7
gemini-3.1-flash-lite-preview cachedInput=0.025 input=0.25 output=1.5
gemini-3.1-pro-preview cachedInput=0.2 input=2 output=12 >200000:cacheWrite=0.25 >200000:cachedInput=0.4 >200000:input=4 >200000:output=18 batch:input=1 batch:output=6 priority:cachedInput=0.36 priority:input=3.6 priority:output=21.6 priority>200000:cachedInput=0.72 priority>200000:input=7.2 priority>200000:output=32.4
gemini-3.1-pro-preview-customtools cachedInput=0.2 input=2 output=12 >200000:cacheWrite=0.25 >200000:cachedInput=0.4 >200000:input=4 >200000:output=18 batch:input=1 batch:output=6
gemini-3.5-flash cachedInput=0.15 input=1.5 output=9 priority:cachedInput=0.27 priority:input=2.7 priority:output=16.2
gemini-3.5-flash-lite cachedInput=0.03 input=0.3 output=2.5 batch:input=0.15 batch:output=1.25 flex:cachedInput=0.02 flex:input=0.15 flex:output=1.25 priority:cachedInput=0.05 priority:input=0.54 priority:output=4.5
gemini-3.6-flash cachedInput=0.15 input=1.5 output=7.5 batch:input=0.75 batch:output=3.75 flex:cachedInput=0.075 flex:input=0.75 flex:output=3.75 priority:cachedInput=0.27 priority:input=2.7 priority:output=13.5
gemini-embedding-001 input=0.15 output=0
gemini-embedding-2 input=0.2 output=0
gemini-embedding-2-preview input=0.2 output=0
gemini-flash-latest cachedInput=0.03 input=0.3 output=2.5
gemini-flash-lite-latest cachedInput=0.01 input=0.1 output=0.4
gemini-pro-latest cachedInput=0.125 input=1.25 output=10 >200000:cachedInput=0.25 >200000:input=2.5 >200000:output=15
`,
}
