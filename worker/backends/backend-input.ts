import { z } from 'zod'
import { BACKEND_KINDS, ROUTING_STRATEGIES } from '../../db/units/backend-kinds.ts'
import { LineText, SeenVersion } from '../input-fields.ts'
import { HeaderValue } from './header-value-input.ts'

const whole = (least: number, most: number) => z.number('must be a whole number').int().min(least).max(most)

/** Names that carry secrets, or that belong to the request itself. */
const NOT_OURS =
  /auth|cookie|key|token|secret|passw|signature|^(host|connection|content-.*|transfer-encoding|te|upgrade)$/i
const Header = z.object({
  name: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9-]{1,100}$/, 'a header’s name has letters, digits and hyphens')
    .refine((name) => !NOT_OURS.test(name), 'must carry no secret, and be none that the gateway sets itself'),
  value: HeaderValue,
})

const Config = z
  .strictObject({
    provider: LineText(60).describe('Who is paid, as bills call them; absent: by the address'),
    headers: z
      .array(Header)
      .max(20)
      .describe('Sent along with every call. No secrets: whoever reads backends reads these'),
    apiVersion: LineText(60).describe('Azure OpenAI: the version of its API'),
    accountId: LineText(60).describe('Workers AI: the account, where it is asked over REST'),
    version: LineText(60).describe('Anthropic: anthropic-version'),
    beta: LineText(300).describe('Anthropic: anthropic-beta'),
    maxTokens: whole(1, 10_000_000).describe('Anthropic: output where a call sets no limit'),
    thinking: z.enum(['adaptive', 'budget']).describe('Anthropic: how reasoning is asked for'),
  })
  .partial()
export type BackendConfig = z.output<typeof Config>

const ServedModel = z.object({
  model: LineText(200)
    .min(1, 'is missing')
    .describe('What clients ask for')
    .meta({ examples: ['llama-3'] }),
  upstreamModel: LineText(200).default('').describe('What the backend calls it; empty: the same'),
})

const Models = z
  .array(ServedModel)
  .min(1, 'name at least one model')
  .max(500)
  .refine((models) => new Set(models.map(({ model }) => model)).size === models.length, 'names a model twice')
  .transform((models) => models.map(({ model, upstreamModel }) => ({ model, upstreamModel: upstreamModel || model })))

const Fields = {
  name: LineText(100)
    .min(1, 'is missing')
    .meta({ examples: ['vllm-a100'] }),
  baseUrl: z
    .string()
    .trim()
    .max(500)
    .refine((text) => text === '' || isAddress(text), 'must be an address such as https://llm.example.com/v1')
    .transform((text) => (text === '' ? '' : new URL(text).href.replace(/\/+$/, '')))
    .describe('Empty: the kind’s own')
    .meta({ examples: ['https://llm.example.com/v1'] }),
  apiKey: z
    .string()
    .trim()
    .max(8000)
    .regex(/^[\x21-\x7e]*$/, 'must be plain text without spaces')
    .describe('Written only: kept sealed and never shown'),
  models: Models,
  priority: whole(0, 1000).describe('The lowest is asked first'),
  weight: whole(0, 1000).describe('Its part of the calls among those of one priority; 0: only after the others'),
  timeoutMs: whole(100, 600_000).describe('Until the first byte of an answer'),
  retries: whole(0, 5).describe('Further tries here before the next backend is asked'),
  maxConcurrency: whole(1, 100_000).nullable().describe('Calls at the same time; null: no limit'),
  config: Config.describe('What its kind needs to know beside; given whole'),
  enabled: z.boolean(),
}

function isAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash
}

export const NewBackend = z.object({
  ...Fields,
  kind: z.enum(BACKEND_KINDS),
  baseUrl: Fields.baseUrl.default('').meta({ examples: ['https://llm.example.com/v1'] }),
  apiKey: Fields.apiKey.default(''),
  priority: Fields.priority.default(0),
  weight: Fields.weight.default(1),
  timeoutMs: Fields.timeoutMs.default(60_000),
  retries: Fields.retries.default(1),
  maxConcurrency: Fields.maxConcurrency.default(null),
  config: Fields.config.default({}),
  enabled: Fields.enabled.default(true),
})
export type NewBackend = z.output<typeof NewBackend>

/** What may be changed: all but the kind. A key that is absent or empty is kept, null forgets it. */
export const BackendChanges = z.object({
  ...z.object(Fields).partial().shape,
  apiKey: Fields.apiKey.nullable().optional(),
  version: SeenVersion,
})
export type BackendChanges = z.output<typeof BackendChanges>

export const RouteChange = z.object({
  model: LineText(200).min(1, 'is missing'),
  strategy: z.enum(ROUTING_STRATEGIES).optional().describe('Among backends of one priority'),
  isSessionAffine: z
    .boolean()
    .optional()
    .describe('Whether calls of one session stay with one backend while it is well'),
})
export type RouteChange = z.output<typeof RouteChange>
