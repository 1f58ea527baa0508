import type { KnownBackend } from '../backend.ts'
import type { ChatTools } from '../chat-options.ts'
import type { ChatTurn } from '../chat-request.ts'
import { type JsonObject, objectIn, textIn } from '../json-parts.ts'

/** Part of the limit that may be thought, by `reasoning_effort`; the same parts that OpenRouter takes (its docs, reasoning tokens, 2026-11). */
const SHARES: Readonly<Record<string, number>> = { minimal: 0.1, low: 0.2, medium: 0.5, high: 0.8, xhigh: 0.95 }
const EFFORTS: Readonly<Record<string, string>> = {
  ...{ minimal: 'low', low: 'low', medium: 'medium', high: 'high', xhigh: 'max' },
}
/** The least that Anthropic takes. */
const LEAST_BUDGET = 1_024

type Asked = {
  body: JsonObject
  config: KnownBackend['config']
  model: string
  most: number
  turns: readonly ChatTurn[]
  isForced: boolean
}

/**
 * What `reasoning_effort` becomes: from Claude 4.6 on the model measures itself (`adaptive`) by an effort; older ones take a
 * budget, which has to be below the limit, and none where a tool is forced or a tool's answer is read, since that would need
 * the thoughts of before. `thinking` in the client's body passes as it is; `config.thinking` (adaptive, budget) decides for
 * models whose name does not tell.
 */
export function thinkingOf({ body, config, model, most, turns, isForced: forced }: Asked): {
  thinking: JsonObject | null
  effort: string | null
} {
  if (body.thinking !== undefined && body.thinking !== null) return { thinking: objectIn(body.thinking), effort: null }
  const effort = textIn(body.reasoning_effort)
  const share = SHARES[effort]
  if (share === undefined) return { thinking: null, effort: null }
  if (config.thinking === 'adaptive' || (config.thinking !== 'budget' && isAdaptive(model)))
    return {
      thinking: forced ? null : { type: 'adaptive', display: 'summarized' },
      effort: EFFORTS[effort] ?? null,
    }
  const budget = Math.min(most - 1, Math.max(LEAST_BUDGET, Math.floor(most * share)))
  if (forced || turns.at(-1)?.role === 'tool' || budget < LEAST_BUDGET) return { thinking: null, effort: null }
  return { thinking: { type: 'enabled', budget_tokens: budget }, effort: null }
}

/** Whether a call of some tool is demanded. */
export function isForced(choice: ChatTools['choice']): boolean {
  return choice === 'required' || (typeof choice === 'object' && choice !== null)
}

/** Claude 4.6 and later: "claude-opus-4-6", "claude-sonnet-5", not "claude-sonnet-4-20250514". */
function isAdaptive(model: string): boolean {
  const [, major, minor = '0'] = /claude-[a-z]+-(\d+)(?:[-.](\d{1,2})(?!\d))?/.exec(model) ?? []
  return major !== undefined && (Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 6))
}
