import type { Day } from '../../../db/units/time.ts'
import type { PriceSheet } from './sheet.ts'

/** As read on the day of `asOf`. Source: mistral.ai/pricing and docs.mistral.ai. */
export const MISTRAL: PriceSheet = {
  provider: 'mistral',
  isHost: false,
  source: 'Mistral list prices, as the LiteLLM price map republishes it (BerriAI/litellm at 00035b69, MIT)',
  asOf: '2026-11-22' as Day,
  prices: `
codestral-2405 input=1 output=3
codestral-2508 input=0.3 output=0.9
codestral-embed input=0.15 output=0
codestral-embed-2505 input=0.15 output=0
codestral-latest input=1 output=3
devstral-2512 input=0.4 output=2
devstral-latest input=0.4 output=2
devstral-medium-2507 input=0.4 output=2
devstral-medium-latest input=0.4 output=2
devstral-small-2505 input=0.1 output=0.3
devstral-small-2507 input=0.1 output=0.3
devstral-small-latest input=0.1 output=0.3
magistral-medium-2506 input=2 output=5
magistral-medium-2509 input=2 output=5
magistral-medium-latest input=2 output=5
magistral-small-2506 input=0.5 output=1.5
magistral-small-latest input=0.5 output=1.5
ministral-3-14b-2512 input=0.2 output=0.2
ministral-3-3b-2512 input=0.1 output=0.1
ministral-3-8b-2512 input=0.15 output=0.15
ministral-8b-2512 input=0.15 output=0.15
ministral-8b-latest input=0.15 output=0.15
mistral-embed input=0.1 output=0
mistral-large-2402 input=4 output=12
mistral-large-2407 input=3 output=9
mistral-large-2411 input=2 output=6
mistral-large-2512 input=0.5 output=1.5
mistral-large-3 input=0.5 output=1.5
mistral-large-latest input=0.5 output=1.5
mistral-medium input=2.7 output=8.1
mistral-medium-2312 input=2.7 output=8.1
mistral-medium-2505 input=0.4 output=2
mistral-medium-2508 input=0.4 output=2
mistral-medium-2604 input=1.5 output=7.5
mistral-medium-3-5 input=1.5 output=7.5
mistral-medium-latest input=1.5 output=7.5
mistral-small input=0.1 output=0.3
mistral-small-3-2-2506 input=0.06 output=0.18
mistral-small-latest input=0.06 output=0.18
mistral-tiny input=0.25 output=0.25
open-codestral-mamba input=0.25 output=0.25
open-mistral-7b input=0.25 output=0.25
open-mistral-nemo input=0.3 output=0.3
open-mistral-nemo-2407 input=0.3 output=0.3
open-mixtral-8x22b input=2 output=6
open-mixtral-8x7b input=0.7 output=0.7
pixtral-12b-2409 input=0.15 output=0.15
pixtral-large-2411 input=2 output=6
pixtral-large-latest input=2 output=6
`,
}
