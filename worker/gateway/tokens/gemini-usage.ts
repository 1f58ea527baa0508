import { countIn, NO_COUNTS, without } from './counts.ts'
import type { SaidUsage } from './openai-usage.ts'

/**
 * The `usageMetadata` of Gemini (ai.google.dev/api/generate-content, 2026-11). Cached ⊂ prompt; what tools put into the prompt
 * and what was thought stand beside the prompt and the candidates. Zeros are left out of its JSON. In a stream each chunk has
 * the sums so far. Null where there is no usage.
 */
export function geminiUsage(usage: unknown): SaidUsage | null {
  if (typeof usage !== 'object' || usage === null) return null
  const said = usage as Readonly<Record<string, unknown>>
  const [prompt, candidates] = [countIn(said.promptTokenCount), countIn(said.candidatesTokenCount)]
  if (prompt === null && candidates === null) return null
  const cached = countIn(said.cachedContentTokenCount)
  return {
    counts: {
      ...NO_COUNTS,
      inputTokens: (without(prompt, cached) ?? 0) + (countIn(said.toolUsePromptTokenCount) ?? 0),
      ...{
        cachedInputTokens: cached,
        outputTokens: candidates ?? 0,
        reasoningTokens: countIn(said.thoughtsTokenCount),
      },
    },
    reportedCost: null,
  }
}
