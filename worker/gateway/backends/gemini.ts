import type { Backend, KnownBackend } from './backend.ts'
import { headersIn } from './backend-config.ts'
import { geminiAnswer } from './gemini/answer.ts'
import { geminiRefusal } from './gemini/refusal.ts'
import { geminiBody } from './gemini/request.ts'
import { geminiStream } from './gemini/stream.ts'

const GEMINI = 'https://generativelanguage.googleapis.com'

/** Google's generateContent, asked and answered in OpenAI's chat. Its `config`: `headers`. */
export const gemini: Backend = {
  kind: 'gemini',
  serves: ['chat.completions'],
  providerOf: () => 'gemini',
  request: (ask, backend) => ({
    url: `${rootOf(backend)}/${pathOf(ask.upstreamModel)}:${ask.isStream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    headers: { ...headersOf(backend), 'content-type': 'application/json' },
    body: JSON.stringify(geminiBody(ask)),
  }),
  answer: geminiAnswer,
  stream: geminiStream,
  refusal: geminiRefusal,
  probe: (backend) => ({ url: `${rootOf(backend)}/models?pageSize=1`, headers: headersOf(backend) }),
}

/** Addresses are kept with or without the version at their end. */
function rootOf({ baseUrl }: KnownBackend): string {
  const root = baseUrl || GEMINI
  return /\/v\d+\w*(\/|$)/.test(root) ? root : `${root}/v1beta`
}

/** "gemini-x" stands below models; "models/gemini-x" and "tunedModels/mine" are whole. */
function pathOf(model: string): string {
  const path = model.includes('/') ? model : `models/${model}`
  return path.split('/').map(encodeURIComponent).join('/')
}

function headersOf({ secrets, config }: KnownBackend): Record<string, string> {
  return { ...(secrets.apiKey ? { 'x-goog-api-key': secrets.apiKey } : {}), ...headersIn(config) }
}
