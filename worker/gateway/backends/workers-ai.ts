import type { Backend, KnownBackend } from './backend.ts'
import { headersIn, settingIn } from './backend-config.ts'
import { openaiBody, PATHS } from './openai-compatible.ts'
import { workersAiAnswer } from './workers-ai/answer.ts'
import { type AiBinding, runOnBinding } from './workers-ai/binding.ts'
import { workersAiRefusal } from './workers-ai/refusal.ts'
import { workersAiStream } from './workers-ai/stream.ts'

const CLOUDFLARE = 'https://api.cloudflare.com/client/v4'

/**
 * Cloudflare's own models. With `config.accountId` and an API token they are asked over REST, from anywhere; else through the
 * binding `AI` of a Worker on Cloudflare, which needs no secret.
 */
export const workersAi: Backend = {
  kind: 'workers-ai',
  serves: ['chat.completions', 'embeddings'],
  providerOf: () => 'cloudflare',
  request: (ask, backend) => ({
    url: `${rootOf(backend)}/v1${PATHS[ask.endpoint]}`,
    headers: { ...headersOf(backend), 'content-type': 'application/json' },
    body: openaiBody(ask, 'max_tokens'),
  }),
  limit: () => 'max_tokens',
  send: (ask, bindings, backend) =>
    isOverRest(backend) ? null : runOnBinding(ask, (bindings as { AI?: AiBinding }).AI, backend.timeoutMs),
  answer: workersAiAnswer,
  stream: workersAiStream,
  refusal: workersAiRefusal,
  probe: (backend) =>
    isOverRest(backend) ? { url: `${rootOf(backend)}/models/search?per_page=1`, headers: headersOf(backend) } : null,
}

function isOverRest({ baseUrl, config }: KnownBackend): boolean {
  return baseUrl !== '' || settingIn(config, 'accountId') !== ''
}

/** A base URL is the account's own, up to /ai. */
function rootOf({ baseUrl, config }: KnownBackend): string {
  const account = settingIn(config, 'accountId')
  if (account === '') return baseUrl.replace(/\/v1$/, '')
  return `${baseUrl || CLOUDFLARE}/accounts/${encodeURIComponent(account)}/ai`
}

function headersOf({ secrets, config }: KnownBackend): Record<string, string> {
  return { ...(secrets.apiKey ? { authorization: `Bearer ${secrets.apiKey}` } : {}), ...headersIn(config) }
}
