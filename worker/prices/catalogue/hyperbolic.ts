import type { Day } from '../../../db/units/time.ts'
import type { PriceSheet } from './sheet.ts'

/** Models of Meta and others on Hyperbolic (api.hyperbolic.xyz), as read on the day of `asOf`. */
export const HYPERBOLIC: PriceSheet = {
  provider: 'hyperbolic',
  isHost: true,
  source:
    'Hyperbolic list prices of open models, as the LiteLLM price map republishes it (BerriAI/litellm at 00035b69, MIT)',
  asOf: '2026-11-22' as Day,
  prices: `
Qwen/QwQ-32B input=0.2 output=0.2
Qwen/Qwen2.5-72B-Instruct input=0.12 output=0.3
Qwen/Qwen3-235B-A22B input=2 output=2
deepseek-ai/DeepSeek-R1 input=0.4 output=0.4
deepseek-ai/DeepSeek-R1-0528 input=0.25 output=0.25
deepseek-ai/DeepSeek-V3 input=0.2 output=0.2
deepseek-ai/DeepSeek-V3-0324 input=0.4 output=0.4
meta-llama/Llama-3.2-3B-Instruct input=0.12 output=0.3
meta-llama/Llama-3.3-70B-Instruct input=0.12 output=0.3
meta-llama/Meta-Llama-3-70B-Instruct input=0.12 output=0.3
meta-llama/Meta-Llama-3.1-70B-Instruct input=0.12 output=0.3
meta-llama/Meta-Llama-3.1-8B-Instruct input=0.12 output=0.3
`,
}
