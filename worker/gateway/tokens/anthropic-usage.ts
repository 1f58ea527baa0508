import { countIn, NO_COUNTS } from './counts.ts'
import type { SaidUsage } from './openai-usage.ts'

type Usage = Readonly<Record<string, unknown>>

/**
 * The `usage` of Anthropic's Messages API (docs.anthropic.com/en/api/messages, 2026-11). What was read from the cache and what
 * was written to it stand beside `input_tokens`, not in it; writes are kept five minutes or, dearer, an hour. Thinking is part
 * of `output_tokens` and not told apart. Null where there is no usage.
 */
export function anthropicUsage(usage: unknown): SaidUsage | null {
  if (typeof usage !== 'object' || usage === null) return null
  const said = usage as Usage
  const [input, output] = [countIn(said.input_tokens), countIn(said.output_tokens)]
  if (input === null && output === null) return null
  const kept = typeof said.cache_creation === 'object' && said.cache_creation !== null ? said.cache_creation : {}
  const short = countIn((kept as Usage).ephemeral_5m_input_tokens)
  const long = countIn((kept as Usage).ephemeral_1h_input_tokens)
  const split = short === null && long === null ? null : (short ?? 0) + (long ?? 0)
  return {
    counts: {
      ...NO_COUNTS,
      ...{ inputTokens: input, outputTokens: output, cachedInputTokens: countIn(said.cache_read_input_tokens) },
      ...{ cacheWriteTokens: split ?? countIn(said.cache_creation_input_tokens), cacheWriteLongTokens: long },
    },
    reportedCost: null,
  }
}

/** The usage of a stream so far: each figure as it was said last, never added up, since later ones are cumulative. */
export function mergedUsage(before: Usage, now: unknown): Usage {
  const said = typeof now === 'object' && now !== null ? Object.entries(now) : []
  return { ...before, ...Object.fromEntries(said.filter(([, value]) => value !== null && value !== undefined)) }
}
