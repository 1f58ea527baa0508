import type { Day } from '../../../db/units/time.ts'
import type { PriceSheet } from './sheet.ts'

/** Models of Meta and others on Groq, as read on the day of `asOf`. Source: groq.com/pricing. */
export const GROQ: PriceSheet = {
  provider: 'groq',
  isHost: true,
  source: 'Groq list prices of open models, as the LiteLLM price map republishes it (BerriAI/litellm at 00035b69, MIT)',
  asOf: '2026-11-22' as Day,
  prices: `
llama-3.1-8b-instant input=0.05 output=0.08
llama-3.3-70b-versatile input=0.59 output=0.79
meta-llama/llama-4-maverick-17b-128e-instruct input=0.2 output=0.6
meta-llama/llama-4-scout-17b-16e-instruct input=0.11 output=0.34
meta-llama/llama-guard-4-12b input=0.2 output=0.2
moonshotai/kimi-k2-instruct-0905 input=1 output=3 cachedInput=0.5
openai/gpt-oss-120b input=0.15 output=0.6 cachedInput=0.075
openai/gpt-oss-20b input=0.075 output=0.3 cachedInput=0.0375
openai/gpt-oss-safeguard-20b input=0.075 output=0.3 cachedInput=0.037
qwen/qwen3-32b input=0.29 output=0.59
`,
}
