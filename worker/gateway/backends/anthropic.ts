import { anthropicAnswer } from './anthropic/answer.ts'
import { anthropicRefusal } from './anthropic/refusal.ts'
import { anthropicBody } from './anthropic/request.ts'
import { anthropicStream } from './anthropic/stream.ts'
import type { Backend, KnownBackend } from './backend.ts'
import { headersIn, settingIn } from './backend-config.ts'

const ANTHROPIC = 'https://api.anthropic.com'
/** The only version there is (docs.anthropic.com/en/api/versioning, 2026-11). */
const VERSION = '2023-06-01'

/** Anthropic's Messages API, asked and answered in OpenAI's chat. Its `config`: `version`, `beta`, `headers`, `maxTokens`, `thinking`. */
export const anthropic: Backend = {
  kind: 'anthropic',
  serves: ['chat.completions'],
  providerOf: () => 'anthropic',
  request: (ask, backend) => ({
    url: `${rootOf(backend)}/messages`,
    headers: { ...headersOf(backend), 'content-type': 'application/json' },
    body: JSON.stringify(anthropicBody(ask, backend.config)),
  }),
  answer: anthropicAnswer,
  stream: anthropicStream,
  refusal: anthropicRefusal,
  probe: (backend) => ({ url: `${rootOf(backend)}/models?limit=1`, headers: headersOf(backend) }),
}

/** Addresses are kept with or without the version at their end. */
function rootOf({ baseUrl }: KnownBackend): string {
  const root = baseUrl || ANTHROPIC
  return /\/v\d+$/.test(root) ? root : `${root}/v1`
}

function headersOf({ secrets, config }: KnownBackend): Record<string, string> {
  const beta = settingIn(config, 'beta')
  return {
    ...{ 'anthropic-version': settingIn(config, 'version') || VERSION },
    ...(secrets.apiKey ? { 'x-api-key': secrets.apiKey } : {}),
    ...(beta === '' ? {} : { 'anthropic-beta': beta }),
    ...headersIn(config),
  }
}
