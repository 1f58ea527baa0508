import type { Day } from '../../../db/units/time.ts'
import type { PriceSheet } from './sheet.ts'

/** Models of Meta and others on Lambda (api.lambda.ai), as read on the day of `asOf`. */
export const LAMBDA: PriceSheet = {
  provider: 'lambda',
  isHost: true,
  source:
    'Lambda list prices of open models, as the LiteLLM price map republishes it (BerriAI/litellm at 00035b69, MIT)',
  asOf: '2026-11-22' as Day,
  prices: `
deepseek-llama3.3-70b input=0.2 output=0.6
deepseek-r1-0528 input=0.2 output=0.6
deepseek-r1-671b input=0.8 output=0.8
deepseek-v3-0324 input=0.2 output=0.6
hermes3-405b input=0.8 output=0.8
hermes3-70b input=0.12 output=0.3
hermes3-8b input=0.025 output=0.04
llama-4-maverick-17b-128e-instruct-fp8 input=0.05 output=0.1
llama-4-scout-17b-16e-instruct input=0.05 output=0.1
llama3.1-405b-instruct-fp8 input=0.8 output=0.8
llama3.1-70b-instruct-fp8 input=0.12 output=0.3
llama3.1-8b-instruct input=0.025 output=0.04
llama3.2-3b-instruct input=0.015 output=0.025
llama3.3-70b-instruct-fp8 input=0.12 output=0.3
qwen3-32b-fp8 input=0.05 output=0.1
`,
}
