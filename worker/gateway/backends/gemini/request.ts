import { wholeIn } from '../../endpoints/endpoint.ts'
import type { Ask } from '../backend.ts'
import { type ChatTools, formatOf, given, refuseUntranslated, stopsOf, toolsOf } from '../chat-options.ts'
import { conversationOf } from '../chat-request.ts'
import { type JsonObject, textIn } from '../json-parts.ts'
import { contentsOf, partOf } from './contents.ts'

/**
 * The body of generateContent for a chat (ai.google.dev/api/generate-content, 2026-11). Hints without a counterpart (user,
 * logit_bias, parallel_tool_calls) are left out.
 *
 * @throws OpenAiError 400 for what the API cannot do
 */
export function geminiBody({ body, upstreamModel: model }: Pick<Ask, 'body' | 'upstreamModel'>): JsonObject {
  refuseUntranslated(body)
  const { system, turns } = conversationOf(body)
  const format = formatOf(body)
  const stops = stopsOf(body)
  const tools = toolsOf(body)
  const generation = given({
    ...{ temperature: body.temperature, topP: body.top_p, topK: body.top_k, seed: body.seed },
    ...{ presencePenalty: body.presence_penalty, frequencyPenalty: body.frequency_penalty },
    candidateCount: (wholeIn(body.n) ?? 1) > 1 ? body.n : null,
    maxOutputTokens: wholeIn(body.max_completion_tokens) ?? wholeIn(body.max_tokens),
    stopSequences: stops.length > 0 ? stops : null,
    ...(format ? { responseMimeType: 'application/json', responseJsonSchema: format.schema } : {}),
    ...(body.logprobs === true ? { responseLogprobs: true, logprobs: wholeIn(body.top_logprobs) } : {}),
    thinkingConfig: thinkingOf(model, textIn(body.reasoning_effort)),
  })
  return given({
    contents: contentsOf(turns, isThird(model)),
    systemInstruction: system.length > 0 ? { parts: system.map(partOf) } : null,
    generationConfig: Object.keys(generation).length > 0 ? generation : null,
    ...toolWords(tools),
  })
}

/** Tokens to think with by `reasoning_effort`, as in Google's own OpenAI-compatible API (ai.google.dev/gemini-api/docs/openai, 2026-11). */
const BUDGETS: Readonly<Record<string, number>> = {
  ...{ none: 0, minimal: 1_024, low: 1_024, medium: 8_192, high: 24_576, xhigh: 24_576 },
}
/** From Gemini 3 on a level takes the place of the budget. */
const LEVELS: Readonly<Record<string, string>> = {
  ...{ none: 'minimal', minimal: 'minimal', low: 'low', medium: 'medium', high: 'high', xhigh: 'high' },
}

function thinkingOf(model: string, effort: string): JsonObject | null {
  const budget = BUDGETS[effort]
  if (budget === undefined) return null
  const shown = effort === 'none' ? {} : { includeThoughts: true }
  return isThird(model) ? { ...shown, thinkingLevel: LEVELS[effort] } : { ...shown, thinkingBudget: budget }
}

/** Gemini 3 and later. */
function isThird(model: string): boolean {
  return Number(/gemini-(\d+)/.exec(model)?.[1] ?? 0) >= 3
}

function toolWords({ tools, choice }: ChatTools): JsonObject {
  if (tools.length === 0) return {}
  const functionDeclarations = tools.map(({ name, description, parameters }) =>
    given({ name, description: description || null, parametersJsonSchema: parameters }),
  )
  if (choice === null) return { tools: [{ functionDeclarations }] }
  const config =
    typeof choice === 'object'
      ? { mode: 'ANY', allowedFunctionNames: [choice.name] }
      : { mode: { auto: 'AUTO', none: 'NONE', required: 'ANY' }[choice] }
  return { tools: [{ functionDeclarations }], toolConfig: { functionCallingConfig: config } }
}
