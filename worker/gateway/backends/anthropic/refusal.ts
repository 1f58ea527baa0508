import { OpenAiError } from '../../openai-error.ts'
import { objectIn, parsedObject, textIn } from '../json-parts.ts'

/** Codes that clients of OpenAI look for (docs.anthropic.com/en/api/errors, 2026-11). */
const CODES: Readonly<Record<string, string>> = {
  ...{
    authentication_error: 'invalid_api_key',
    permission_error: 'permission_denied',
    not_found_error: 'model_not_found',
  },
  ...{
    rate_limit_error: 'rate_limit_exceeded',
    request_too_large: 'request_too_large',
    overloaded_error: 'overloaded',
  },
}
const LIMIT = { billing_error: 'insufficient_quota' } as Readonly<Record<string, string>>

/** Anthropic's `{type: error, error: {type, message}}` in OpenAI's words. 529 stays: the backend is overloaded for a while. */
export function anthropicRefusal(status: number, text: string): OpenAiError {
  const error = objectIn(parsedObject(text)?.error)
  const type = textIn(error.type)
  const message = textIn(error.message) || text.trim().slice(0, 500) || `The backend answered ${status}`
  const quota = LIMIT[type] ?? (/credit balance is too low/i.test(message) ? 'insufficient_quota' : undefined)
  if (quota) return new OpenAiError(429, quota, message, { type: quota })
  if (/prompt is too long|exceed.*context (limit|window)/i.test(message))
    return new OpenAiError(status, 'context_length_exceeded', message, { param: 'messages' })
  return new OpenAiError(status, CODES[type] ?? null, message)
}
