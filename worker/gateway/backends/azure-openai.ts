import type { Ask, Backend, KnownBackend } from './backend.ts'
import { headersIn, settingIn } from './backend-config.ts'
import { openaiAnswer, openaiBody, openaiRefusal, openaiStream, PATHS } from './openai-compatible.ts'

/** The newest that is generally available among dated ones (learn.microsoft.com, Azure OpenAI API lifecycle, 2026-11). */
const API_VERSION = '2024-10-21'

/**
 * OpenAI's models at Azure: the deployment, which is the model as the backend calls it, stands in the path. `config.apiVersion`
 * is a dated version, or `v1` for the API without versions, where the deployment is the body's model.
 */
export const azureOpenai: Backend = {
  kind: 'azure-openai',
  serves: ['chat.completions', 'completions', 'embeddings', 'responses'],
  providerOf: () => 'azure',
  request: (ask, backend) => ({
    url: addressOf(ask, backend),
    headers: { ...headersOf(backend), 'content-type': 'application/json' },
    body: openaiBody(ask, 'max_completion_tokens'),
  }),
  answer: openaiAnswer,
  stream: openaiStream,
  refusal: openaiRefusal,
  probe: (backend) => {
    const { root, version } = placeOf(backend)
    const url = version === 'v1' ? `${root}/v1/models` : `${root}/models?api-version=${encodeURIComponent(version)}`
    return { url, headers: headersOf(backend) }
  },
}

function placeOf({ baseUrl, config }: KnownBackend): { root: string; version: string } {
  const root = `${baseUrl.replace(/\/openai(\/v1)?$/, '')}/openai`
  return { root, version: settingIn(config, 'apiVersion') || (baseUrl.endsWith('/openai/v1') ? 'v1' : API_VERSION) }
}

function addressOf({ endpoint, upstreamModel }: Ask, backend: KnownBackend): string {
  const { root, version } = placeOf(backend)
  if (version === 'v1') return `${root}/v1${PATHS[endpoint]}`
  const query = `?api-version=${encodeURIComponent(version)}`
  if (endpoint === 'responses') return `${root}${PATHS.responses}${query}` // its deployment is in the body
  return `${root}/deployments/${encodeURIComponent(upstreamModel)}${PATHS[endpoint]}${query}`
}

function headersOf({ secrets, config }: KnownBackend): Record<string, string> {
  return { ...(secrets.apiKey ? { 'api-key': secrets.apiKey } : {}), ...headersIn(config) }
}
