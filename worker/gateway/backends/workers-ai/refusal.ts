import { OpenAiError } from '../../openai-error.ts'
import { objectsIn, parsedObject, textIn } from '../json-parts.ts'
import { openaiRefusal } from '../openai-compatible.ts'

/** Cloudflare's `{errors: [{code, message}]}` in OpenAI's words. */
export function workersAiRefusal(status: number, text: string): OpenAiError {
  const [first] = objectsIn(parsedObject(text)?.errors)
  if (!first) return openaiRefusal(status, text)
  return new OpenAiError(status, status === 404 ? 'model_not_found' : null, textIn(first.message) || `${status}`)
}
