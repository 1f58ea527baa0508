import { type ExactUsd, readUsd } from '../../../db/units/money.ts'
import { countIn, NO_COUNTS, type TokenCounts, without } from './counts.ts'

/**
 * What an answer said it used, and what it says it cost, where it does. `isEstimate`: it broke off before its last word on it,
 * and the output is about what came.
 */
export type SaidUsage = { counts: TokenCounts; reportedCost: ExactUsd | null; isEstimate?: boolean }

/**
 * The `usage` of OpenAI's endpoints (platform.openai.com/docs/api-reference, 2026-11). Chat and completions: cached ⊂ prompt,
 * reasoning ⊂ completion. Responses: the same as input_tokens and output_tokens with their details. Embeddings have a prompt
 * alone. OpenRouter adds `cost` in USD, which wins over any price. Null where there is no usage.
 */
export function openaiUsage(usage: unknown): SaidUsage | null {
  if (typeof usage !== 'object' || usage === null) return null
  const said = usage as Record<string, unknown>
  const prompt = countIn(said.prompt_tokens) ?? countIn(said.input_tokens)
  const completion = countIn(said.completion_tokens) ?? countIn(said.output_tokens)
  if (prompt === null && completion === null) return null
  const given = [said.prompt_tokens, said.input_tokens, said.completion_tokens, said.output_tokens]
  if (given.some((one) => one !== undefined && one !== null && countIn(one) === null)) return null // half a truth
  const inDetails = detailsIn(said.prompt_tokens_details ?? said.input_tokens_details)
  const outDetails = detailsIn(said.completion_tokens_details ?? said.output_tokens_details)
  const cached = countIn(inDetails.cached_tokens)
  const written = countIn(inDetails.cache_write_tokens)
  const reasoning = countIn(outDetails.reasoning_tokens)
  return {
    counts: {
      ...NO_COUNTS,
      inputTokens: without(without(prompt, cached), written),
      ...{ cachedInputTokens: cached, cacheWriteTokens: written, reasoningTokens: reasoning },
      outputTokens: without(completion, reasoning),
    },
    reportedCost: costIn(said.cost),
  }
}

function detailsIn(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** JSON.parse has made a float of it: its shortest text is what was sent, up to 15 digits. */
function costIn(value: unknown): ExactUsd | null {
  if (typeof value === 'string') return readUsd(value)
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? readUsd(String(value)) : null
}

/** The same counts as a client of OpenAI's reads them. */
export function openaiUsageOf(counts: TokenCounts): Record<string, unknown> {
  const [prompt, completion] = [
    (counts.inputTokens ?? 0) + (counts.cachedInputTokens ?? 0) + (counts.cacheWriteTokens ?? 0),
    (counts.outputTokens ?? 0) + (counts.reasoningTokens ?? 0),
  ]
  return {
    ...{ prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
    ...(counts.cachedInputTokens === null
      ? {}
      : { prompt_tokens_details: { cached_tokens: counts.cachedInputTokens } }),
    ...(counts.reasoningTokens === null
      ? {}
      : { completion_tokens_details: { reasoning_tokens: counts.reasoningTokens } }),
  }
}
