import { completionTokens, promptTokens } from '../tokens/counts.ts'
import type { CallRecord, Most } from './messages.ts'

/**
 * By how much calls of a model were larger of late than what was held for them: their input by a factor and by some tokens (a
 * template that a server puts around every message), their output by tokens beyond its limit, their cost by a factor.
 */
export type Over = { inputRatio: number; input: number; output: number; price: number }

export const NOTHING_OVER: Over = { inputRatio: 1, input: 0, output: 0, price: 1 }

/** An input so long says how its language is counted; that of a shorter one is mostly what stands around it. */
const LONG_INPUT = 64

/** The same after a further call, which was expected to be so large; what is `fading` of older calls is kept. */
export function overAfter(known: Over, expected: Most, record: CallRecord, fading: number): Over {
  const [input, output] = [promptTokens(record), completionTokens(record)]
  const isLong = expected.inputTokens >= LONG_INPUT
  const faded = (factor: number) => 1 + (factor - 1) * fading
  return {
    inputRatio: Math.max(faded(known.inputRatio), isLong ? input / expected.inputTokens : 1),
    input: Math.max(Math.floor(known.input * fading), isLong ? 0 : input - expected.inputTokens),
    output: Math.max(Math.floor(known.output * fading), output - expected.outputTokens),
    price: Math.max(faded(known.price), dearness(expected, record, input, output)),
  }
}

/** What it cost over what its tokens cost by the rates that were held; 1 where there are none. */
function dearness(
  { inputTokens, inputNanoUsd, outputNanoUsdPerMillion: rate }: Most,
  record: CallRecord,
  input: number,
  output: number,
): number {
  if (rate === null || record.costNanoUsd === null || inputTokens === 0) return 1
  const byRates = (inputNanoUsd / inputTokens) * input + (rate / 1e6) * output
  // A nano-dollar beside it is rounding.
  return byRates <= 0 || Number(record.costNanoUsd) <= byRates + 1 ? 1 : Number(record.costNanoUsd) / byRates
}
