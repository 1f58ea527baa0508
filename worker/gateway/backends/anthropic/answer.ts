import { anthropicUsage } from '../../tokens/anthropic-usage.ts'
import type { Ask, Learned } from '../backend.ts'
import { answeredObject, chatCompletion } from '../chat-answer.ts'
import { objectsIn, textIn } from '../json-parts.ts'

/** @throws OpenAiError 502 where it is no message */
export function anthropicAnswer(text: string, ask: Ask): Learned & { text: string } {
  const json = answeredObject(text)
  const blocks = objectsIn(json.content)
  const said = (type: string, member: string) =>
    blocks.flatMap((block) => (block.type === type ? [textIn(block[member])] : [])).join('')
  const calls = blocks.flatMap((block) =>
    block.type === 'tool_use'
      ? [{ id: textIn(block.id), name: textIn(block.name), arguments: JSON.stringify(block.input ?? {}) }]
      : [],
  )
  const learned = {
    usage: anthropicUsage(json.usage),
    model: textIn(json.model) || null,
    serviceTier: tierIn(json.usage),
  }
  const choice = {
    ...{ content: said('text', 'text'), reasoning: said('thinking', 'thinking'), calls },
    finish: finishOf(json.stop_reason),
  }
  return chatCompletion(ask, learned, textIn(json.id), [choice])
}

const FINISHES: Readonly<Record<string, string>> = {
  ...{ end_turn: 'stop', stop_sequence: 'stop', pause_turn: 'stop', tool_use: 'tool_calls', refusal: 'content_filter' },
  ...{ max_tokens: 'length', model_context_window_exceeded: 'length' },
}

export function finishOf(reason: unknown): string {
  return FINISHES[textIn(reason)] ?? 'stop'
}

/** In OpenAI's words, which those of prices are. */
export function tierIn(usage: unknown): string | null {
  const tier = typeof usage === 'object' && usage !== null ? (usage as { service_tier?: unknown }).service_tier : null
  return tier === 'standard' ? 'default' : textIn(tier) || null
}
