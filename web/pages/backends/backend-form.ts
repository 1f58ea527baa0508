import type { Answers, Questions } from '../../api.ts'

export type Backend = Answers['backends']['get']
export type Route = Answers['backends']['routes']['routes'][number]
export type BackendInput = Questions['backends']['create']
export type Kind = Backend['kind']
type Config = Backend['config']

/** Kinds as people call them, and what each of them wants to know. */
export const KINDS: readonly { kind: Kind; label: string; address: string; isAddressNeeded?: true }[] = [
  {
    kind: 'openai-compatible',
    label: 'OpenAI-compatible (vLLM, SGLang, Ollama, hosted)',
    address: 'https://api.openai.com/v1',
  },
  { kind: 'anthropic', label: 'Anthropic', address: 'https://api.anthropic.com' },
  { kind: 'gemini', label: 'Google Gemini', address: 'https://generativelanguage.googleapis.com' },
  {
    kind: 'azure-openai',
    label: 'Azure OpenAI',
    address: 'https://my-resource.openai.azure.com',
    isAddressNeeded: true,
  },
  { kind: 'workers-ai', label: 'Cloudflare Workers AI', address: '' },
  { kind: 'echo', label: 'Echo (says back what was said, for trying out)', address: '' },
]

export function labelOf(kind: Kind): string {
  return KINDS.find((one) => one.kind === kind)?.label.replace(/ \(.*/, '') ?? kind
}

/** Fields of one kind alone. */
export const OWN_FIELDS: Partial<Record<Kind, readonly { name: keyof Config; label: string; hint: string }[]>> = {
  'azure-openai': [{ name: 'apiVersion', label: 'API version', hint: 'Such as 2024-10-21.' }],
  'workers-ai': [
    { name: 'accountId', label: 'Account id', hint: 'To ask over REST; empty: through the Worker’s binding.' },
  ],
  anthropic: [
    { name: 'version', label: 'anthropic-version', hint: 'Empty: the usual one.' },
    { name: 'beta', label: 'anthropic-beta', hint: 'Names of betas, with commas.' },
    { name: 'maxTokens', label: 'Most output', hint: 'Tokens, where a call sets no limit.' },
  ],
}

/** The fields that say themselves what is wrong with them. */
export const TOLD_FIELDS = [
  ...[
    'name',
    'kind',
    'base_url',
    'api_key',
    'models',
    'priority',
    'weight',
    'timeout_ms',
    'retries',
    'max_concurrency',
  ],
]

/** "model" or "model = what the backend calls it", one a line. */
export function modelLines(models: Backend['models']): string {
  return models
    .map(({ model, upstreamModel }) => (model === upstreamModel ? model : `${model} = ${upstreamModel}`))
    .join('\n')
}

function readModels(text: string): BackendInput['models'] {
  return linesOf(text).map((line) => {
    const [model = '', upstreamModel = ''] = line.split(/\s+=\s+/)
    return { model: model.trim(), upstreamModel: upstreamModel.trim() }
  })
}

export function headerLines({ headers = [] }: Config): string {
  return headers.map(({ name, value }) => `${name}: ${value}`).join('\n')
}

function readHeaders(text: string): { name: string; value: string }[] {
  return linesOf(text).map((line) => {
    const at = line.indexOf(':')
    return { name: line.slice(0, at < 0 ? line.length : at).trim(), value: at < 0 ? '' : line.slice(at + 1).trim() }
  })
}

function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
}

/** A form as the question for the server, which checks it. `of`: what is changed; settings without a field stay. */
export function readBackendForm(form: FormData, kind: Kind, of?: Backend) {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const number = (name: string) => (text(name) === '' ? undefined : Number(text(name)))
  const { headers: _, provider: __, ...kept } = { ...of?.config }
  const config: Config = { ...kept }
  for (const { name } of OWN_FIELDS[kind] ?? []) {
    const value = text(`config.${name}`)
    delete config[name]
    if (value !== '') Object.assign(config, { [name]: name === 'maxTokens' ? Number(value) : value })
  }
  const headers = readHeaders(text('headers'))
  if (headers.length > 0) config.headers = headers
  if (text('provider') !== '') config.provider = text('provider')
  return {
    ...{
      name: text('name'),
      kind,
      baseUrl: text('baseUrl'),
      apiKey: text('apiKey'),
      models: readModels(text('models')),
    },
    ...{ priority: number('priority'), weight: number('weight'), timeoutMs: number('timeoutMs') },
    ...{ retries: number('retries'), maxConcurrency: number('maxConcurrency') ?? null },
    ...{ config, enabled: form.has('enabled'), isKeyForgotten: form.has('forgetKey') },
  }
}
