import { geminiUsage } from '../../tokens/gemini-usage.ts'
import type { Ask, Learned } from '../backend.ts'
import { answeredObject, type ChatChoice, chatCompletion } from '../chat-answer.ts'
import { type JsonObject, objectIn, objectsIn, textIn } from '../json-parts.ts'
import { logprobsOf } from './logprobs.ts'

/** @throws OpenAiError 502 where it is no JSON */
export function geminiAnswer(text: string, ask: Ask): Learned & { text: string } {
  const json = answeredObject(text)
  const learned = {
    usage: geminiUsage(json.usageMetadata),
    model: textIn(json.modelVersion) || null,
    serviceTier: null,
  }
  const blocked = textIn(objectIn(json.promptFeedback).blockReason)
  const choices = objectsIn(json.candidates).map((candidate) => choiceOf(candidate, ask.requestId, 0))
  if (choices.length === 0 && blocked !== '') choices.push(blockedChoice(blocked))
  return chatCompletion(ask, learned, textIn(json.responseId), choices)
}

/** What stands in place of an answer to a prompt that is not let through. */
export function blockedChoice(reason: string): ChatChoice {
  return {
    content: '',
    reasoning: '',
    calls: [],
    finish: 'content_filter',
    refusal: `The prompt was blocked: ${reason}`,
  }
}

/** One candidate, or a chunk of it. `callsBefore`: calls of it that came in earlier chunks. */
export function choiceOf(candidate: JsonObject, requestId: string, callsBefore: number): ChatChoice {
  const choice: ChatChoice = { content: '', reasoning: '', calls: [], finish: '' }
  for (const part of objectsIn(objectIn(candidate.content).parts)) {
    if (part.thought === true) choice.reasoning += textIn(part.text)
    else choice.content += textIn(part.text)
    if (part.functionCall === undefined) continue
    const { id, name, args } = objectIn(part.functionCall)
    const place = `${Number(candidate.index ?? 0)}_${callsBefore + choice.calls.length}`
    const signature = textIn(part.thoughtSignature)
    choice.calls.push({
      ...{ id: textIn(id) || `call_${requestId}_${place}`, name: textIn(name), arguments: JSON.stringify(args ?? {}) },
      ...(signature === '' ? {} : { extra: { google: { thought_signature: signature } } }),
    })
  }
  choice.finish = finishOf(candidate.finishReason, callsBefore + choice.calls.length > 0)
  choice.logprobs = logprobsOf(candidate.logprobsResult)
  return choice
}

const FINISHES: Readonly<Record<string, string>> = {
  ...{ STOP: 'stop', MAX_TOKENS: 'length', SAFETY: 'content_filter', RECITATION: 'content_filter' },
  ...{ BLOCKLIST: 'content_filter', PROHIBITED_CONTENT: 'content_filter', SPII: 'content_filter' },
  ...{ IMAGE_SAFETY: 'content_filter', IMAGE_PROHIBITED_CONTENT: 'content_filter', LANGUAGE: 'content_filter' },
}

/** '' while it has not ended. */
function finishOf(reason: unknown, hasCalls: boolean): string {
  const said = textIn(reason)
  if (said === '' || said === 'FINISH_REASON_UNSPECIFIED') return ''
  const finish = FINISHES[said] ?? 'stop'
  return finish === 'stop' && hasCalls ? 'tool_calls' : finish
}
