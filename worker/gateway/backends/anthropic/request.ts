import { wholeIn } from '../../endpoints/endpoint.ts'
import type { Ask, KnownBackend } from '../backend.ts'
import { formatOf, given, refuseUntranslated, stopsOf, toolsOf } from '../chat-options.ts'
import { cannot, conversationOf } from '../chat-request.ts'
import type { JsonObject } from '../json-parts.ts'
import { textIn } from '../json-parts.ts'
import { messageOf, type Said, systemOf } from './messages.ts'
import { isForced, thinkingOf } from './thinking.ts'

/** Anthropic wants a limit: the same that is held of budgets for a call that says none. */
const DEFAULT_MAX_TOKENS = 4_096

/**
 * The body of POST /v1/messages for a chat (docs.anthropic.com/en/api/messages, 2026-11). Hints without a counterpart (seed,
 * penalties, logit_bias) are left out, as in Anthropic's own OpenAI-compatible API.
 *
 * @throws OpenAiError 400 for what the API cannot do: several choices, logprobs, JSON without a schema
 */
export function anthropicBody(ask: Pick<Ask, 'body' | 'upstreamModel' | 'isStream'>, config: KnownBackend['config']) {
  const { body, upstreamModel: model, isStream } = ask
  refuseUntranslated(body)
  if ((wholeIn(body.n) ?? 1) > 1) throw cannot('n', 'n: this model answers with one choice at a time')
  if (body.logprobs === true) throw cannot('logprobs', 'logprobs: this model does not tell them')
  const { system, turns } = conversationOf(body)
  const tools = toolsOf(body)
  const format = formatOf(body)
  if (format && !format.schema)
    throw cannot(
      'response_format',
      'response_format: this model needs a json_schema; json_object alone is not known to it',
    )
  const most =
    wholeIn(body.max_completion_tokens) ?? wholeIn(body.max_tokens) ?? wholeIn(config.maxTokens) ?? DEFAULT_MAX_TOKENS
  const { thinking, effort } = thinkingOf({ body, config, model, most, turns, isForced: isForced(tools.choice) })
  const output = given({ effort, format: format ? { type: 'json_schema', schema: format.schema } : null })
  return given({
    ...{ model, max_tokens: most, messages: merged(turns.map(messageOf)), system: systemOf(system), thinking },
    stream: isStream ? true : null,
    output_config: Object.keys(output).length > 0 ? output : null,
    // While it thinks it takes neither (docs: extended thinking, feature compatibility).
    ...(thinking ? {} : { temperature: cappedAtOne(body.temperature), top_p: body.top_p, top_k: body.top_k }),
    stop_sequences: stopsOf(body).length > 0 ? stopsOf(body) : null,
    ...toolWords(tools),
    metadata: textIn(body.user) === '' ? null : { user_id: body.user },
    service_tier: TIERS[textIn(body.service_tier)],
  })
}

const TIERS: Readonly<Record<string, string>> = { auto: 'auto', priority: 'auto', default: 'standard_only' }

/** OpenAI's goes to 2. */
function cappedAtOne(temperature: unknown): unknown {
  return typeof temperature === 'number' ? Math.min(1, temperature) : temperature
}

function toolWords({ tools, choice, isParallel }: ReturnType<typeof toolsOf>): JsonObject {
  if (tools.length === 0) return {}
  const said =
    choice === null || choice === 'auto'
      ? { type: 'auto' }
      : choice === 'required'
        ? { type: 'any' }
        : choice === 'none'
          ? { type: 'none' }
          : { type: 'tool', name: choice.name }
  const oneByOne = isParallel || choice === 'none' ? {} : { disable_parallel_tool_use: true }
  return {
    tools: tools.map(({ name, description, parameters }) =>
      given({
        ...{ name, description: description || null },
        input_schema: parameters ?? { type: 'object', properties: {} },
      }),
    ),
    tool_choice: choice === null && isParallel ? null : { ...said, ...oneByOne },
  }
}

/** Turns of one side after each other are one message: all results of a turn's tools have to stand in the next. */
function merged(messages: readonly Said[]): Said[] {
  const out: Said[] = []
  for (const message of messages) {
    const last = out.at(-1)
    if (message.content.length === 0) continue
    if (last && last.role === message.role) last.content.push(...message.content)
    else out.push({ role: message.role, content: [...message.content] })
  }
  return out
}
