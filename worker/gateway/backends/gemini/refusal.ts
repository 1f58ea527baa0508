import { OpenAiError } from '../../openai-error.ts'
import { objectIn, objectsIn, parsedObject, textIn } from '../json-parts.ts'

const CODES: Readonly<Record<string, string>> = {
  ...{ UNAUTHENTICATED: 'invalid_api_key', PERMISSION_DENIED: 'permission_denied', NOT_FOUND: 'model_not_found' },
  ...{ RESOURCE_EXHAUSTED: 'rate_limit_exceeded', UNAVAILABLE: 'overloaded' },
}

/** Google's `{error: {code, message, status, details}}`, which a stream puts into a list, in OpenAI's words. */
export function geminiRefusal(status: number, text: string): OpenAiError {
  const error = objectIn(parsedObject(text.trim().replace(/^\[([\s\S]*)\]$/, '$1'))?.error)
  const message = textIn(error.message) || text.trim().slice(0, 500) || `The backend answered ${status}`
  // A wrong key is answered with 400.
  if (objectsIn(error.details).some(({ reason }) => reason === 'API_KEY_INVALID'))
    return new OpenAiError(401, 'invalid_api_key', message)
  if (/token count.*exceeds the maximum/i.test(message))
    return new OpenAiError(status, 'context_length_exceeded', message, { param: 'messages' })
  return new OpenAiError(status, CODES[textIn(error.status)] ?? null, message)
}
