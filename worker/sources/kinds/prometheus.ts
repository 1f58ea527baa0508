import { z } from 'zod'
import { gpuHoursText, normalName } from '../../../db/units/gpu.ts'
import { addDays, type Day, startOf } from '../../../db/units/time.ts'
import { HelioxError } from '../../errors.ts'
import { recogniseGpu } from '../../ingest/importers/recognise-gpu.ts'
import { SERVER_SOURCE } from '../../tokens/metered-calls.ts'
import { textOf } from '../fetch-outside.ts'
import { Address, below, daysToPull, headersOf, jsonOf, SecretHeaders } from './fields.ts'
import { sourceKind } from './kind.ts'
import { type CounterSeries, countersCsv, type Sample } from './vllm-counters.ts'

/** A value above this is none: DCGM's blanks begin at 2147483632 (int32) and reach 9223372036854775794 (int64). */
const LARGEST_VALUE = '1e6'

/**
 * How busy each GPU or MIG instance was in the step before, 0–1. The share of time in which an engine ran, which MIG
 * instances have too; GPU_UTIL, a percentage, only for GPUs that do not report it. A step with a blank in it is none. One
 * series per GPU, whatever pod or replica of Prometheus it comes by: a time-sliced GPU is reported once per pod.
 */
function dcgmQuery({ modelLabel, providerLabel, step }: Config): string {
  // A millisecond short of the step: no sample is in two of them, whether or not the range takes in its left end.
  const over = (metric: string) => `(avg_over_time(${metric}[${step * 1000 - 1}ms]) >= 0 < ${LARGEST_VALUE})`
  const active = over('DCGM_FI_PROF_GR_ENGINE_ACTIVE')
  const labels = ['UUID', 'gpu', 'Hostname', 'GPU_I_ID', 'GPU_I_PROFILE', 'modelName', modelLabel, providerLabel]
  return `max by (${[...new Set(labels)].join(', ')}) (
    ${active} or (${over('DCGM_FI_DEV_GPU_UTIL')} / 100 unless on (UUID, gpu, Hostname) ${active}))`
}

const Label = z.string().regex(/^[A-Za-z_]\w{0,99}$/, 'is a label such as modelName')

const Config = z.object({
  url: Address.meta({ title: 'Address of Prometheus', examples: ['http://prometheus.monitoring.svc:9090'] }),
  reads: z
    .enum(['gpus', 'vllm'])
    .default('gpus')
    .meta({
      ...{ title: 'What to read' },
      description: 'gpus: how busy they are. vllm: the tokens that vLLM servers count, by hour and model.',
    }),
  query: z
    .string()
    .trim()
    .max(4000)
    .default('')
    .meta({
      ...{ title: 'PromQL' },
      description: 'How busy each GPU is, one series per GPU. Empty: DCGM’s engine activity, else its GPU utilisation.',
    }),
  scale: z
    .enum(['ratio', 'percent'])
    .default('ratio')
    .meta({
      ...{ title: 'Values' },
      description: 'Of your own PromQL: ratio 0–1 or percent 0–100.',
    }),
  modelLabel: Label.default('modelName').meta({ title: 'Label of the GPU’s model' }),
  providerLabel: Label.default('provider').meta({
    ...{ title: 'Label of the provider' },
    description: 'Series without it are the provider’s that is named below.',
  }),
  step: z.coerce
    .number<number>()
    .int()
    .min(10)
    .max(3600)
    .refine((seconds) => seconds % 2 === 0 && 86_400 % seconds === 0, 'must be even and divide a day, such as 60')
    .default(60)
    .meta({ title: 'Step, in seconds', description: 'At least as long as the scrape interval.' }),
  days: z.coerce
    .number<number>()
    .int()
    .min(1)
    .max(31)
    .default(2)
    .meta({
      ...{ title: 'Days pulled again' },
      description: 'For samples that arrive late.',
    }),
})

const Secrets = z.object({ headers: SecretHeaders.optional() })
type Config = z.output<typeof Config>
type State = { throughDay: string }

const LARGEST_ANSWER = 64 * 1024 * 1024

/**
 * GPU time from DCGM's metrics in Prometheus: per UTC day, provider and GPU type the busy and the measured time. Every step
 * with a sample stands for its whole length; one without is not measured, it is not 0. Or the tokens that vLLM servers
 * count, from the same Prometheus: a second source beside the gateway.
 */
export const prometheus = sourceKind<Config, z.output<typeof Secrets>, State>({
  id: 'prometheus',
  label: 'Prometheus (DCGM)',
  format: 'usage-csv',
  config: Config,
  secrets: Secrets,
  place: ({ url }) => url,
  addressFields: ['url', 'query', 'reads'],
  isInOrder: true,
  async *pull({ config, secrets, state, yesterday, provider, fetch }) {
    const isVllm = config.reads === 'vllm'
    for (const day of daysToPull(yesterday, config.days, state.throughDay))
      yield {
        ...(isVllm ? { format: 'requests-csv', source: SERVER_SOURCE } : {}),
        fileName: `${isVllm ? 'vllm' : 'prometheus'}-${day}.csv`,
        part: day,
        byteLength: null,
        open: async () => {
          const request = (url: URL) => ({ url, secretHeaders: headersOf(secrets.headers), expects: [400, 422, 503] })
          if (isVllm) return { text: await vllmTokens(day, config, normalName(provider), (url) => fetch(request(url))) }
          return { text: csvOf(day, await poolsOn(day, config, normalName(provider), (url) => fetch(request(url)))) }
        },
        remember: () => ({ throughDay: day }),
      }
  },
})

const COUNTERS = { prompt: 'vllm:prompt_tokens_total', completion: 'vllm:generation_tokens_total' } as const
/** A day and the hour before it, whose last sample the day's first one grew from. */
const DAY_AND_HOUR = '[90000s]'

/** The raw samples of vLLM's counters, so that a reset is seen: `increase()` would extrapolate over it. */
async function vllmTokens(day: Day, { url }: Config, provider: string, ask: Ask): Promise<string> {
  const series: CounterSeries[] = []
  for (const [kind, metric] of Object.entries(COUNTERS)) {
    const time = String(startOf(addDays(day, 1)) / 1000)
    const answer = await ask(below(url, '/api/v1/query', { query: `${metric}${DAY_AND_HOUR}`, time }))
    const { host } = new URL(url)
    const known = Matrix.safeParse(jsonOf(await textOf(answer, LARGEST_ANSWER), host))
    if (!known.success)
      throw new HelioxError(
        'invalid',
        'sources.not_prometheus',
        `${host} does not answer as Prometheus: check the address`,
      )
    for (const { metric: labels, values } of known.data.data.result) {
      const samples = values.map(([second, text]) => [second, Number(text)] as const)
      const isNumber = ([, value]: Sample) => Number.isFinite(value)
      series.push({
        model: labels.model_name ?? '',
        kind: kind as keyof typeof COUNTERS,
        samples: samples.filter(isNumber),
      })
    }
  }
  return countersCsv(day, provider || 'vllm', series)
}

const Matrix = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
})

type Pool = { provider: string; gpuType: string; busySeconds: number; measuredSeconds: number }
type Ask = (url: URL) => Promise<Response>

/** Busy and measured GPU-seconds of a day, per provider and GPU type, by name. */
async function poolsOn(day: Day, config: Config, provider: string, ask: Ask): Promise<Pool[]> {
  const expression = config.query || dcgmQuery(config)
  // Each whole step of the day up to and including midnight, on every version: half a step is left out at the beginning.
  const time = String(startOf(addDays(day, 1)) / 1000)
  const range = `[${86_400 - config.step / 2}s:${config.step}s]`
  const over = async (name: string) => {
    const query = `${name}_over_time((((${expression}) >= 0) < ${LARGEST_VALUE})${range})`
    return seriesOf(await ask(below(config.url, '/api/v1/query', { query, time })), config.url)
  }
  const [sums, counts, peaks] = [await over('sum'), await over('count'), await over('max')]
  const divisor = config.query && config.scale === 'percent' ? 100 : 1
  // A hair above 1 is a rounding of the exporter's.
  if ([...peaks.values()].some(({ value }) => value / divisor > 1.01))
    throw new HelioxError(
      'invalid',
      'sources.not_a_ratio',
      config.query && divisor === 1
        ? 'The query answers values above 1: choose percent, or divide by 100'
        : 'A GPU is reported as busier than 100 %: name a query of your own',
    )
  const pools = new Map<string, Pool>()
  for (const [key, { labels, value }] of sums) {
    const measured = (counts.get(key)?.value ?? 0) * config.step
    const gpuType = gpuTypeOf(labels[config.modelLabel] ?? '')
    const whose = normalName(labels[config.providerLabel] ?? '') || provider
    if (!whose)
      throw new HelioxError(
        'invalid',
        'sources.no_provider',
        `The series have no label ${config.providerLabel}: name the provider whose GPUs they are`,
      )
    if (!gpuType)
      throw new HelioxError(
        'invalid',
        'sources.no_gpu_type',
        `The series have no label ${config.modelLabel}: name the label of the GPU’s model`,
      )
    const share = shareOf(labels)
    const pool = pools.get(`${whose}\n${gpuType}`) ?? { provider: whose, gpuType, busySeconds: 0, measuredSeconds: 0 }
    pool.busySeconds += (value / divisor) * config.step * share
    pool.measuredSeconds += measured * share
    pools.set(`${whose}\n${gpuType}`, pool)
  }
  return [...pools.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pool]) => pool)
}

/** Which part of a GPU a series is about: a MIG instance has its compute slices of 7 (of 4 on an A30), else all of it. */
function shareOf(labels: Record<string, string>): number {
  const slices = /^(\d)g\./.exec(labels.GPU_I_PROFILE ?? '')?.[1]
  if (!slices) return 1
  return Math.min(1, Number(slices) / (/\bA30\b/i.test(labels.modelName ?? '') ? 4 : 7))
}

/** "NVIDIA A100-SXM4-80GB" → "a100"; a model that Heliox does not know keeps its own name. */
function gpuTypeOf(model: string): string {
  const nothing = { provider: '', service: '', serviceCategory: '', sku: '', instanceType: '' }
  const item = `NVIDIA GPU ${model}`
  return (
    recogniseGpu({ ...nothing, resourceType: '', skuMeter: '', skuPriceDetails: '', item })?.gpuType ??
    normalName(model)
  )
}

function csvOf(day: Day, pools: readonly Pool[]): string {
  const rows = pools.map(({ provider, gpuType, busySeconds, measuredSeconds }) => {
    // Busy time is a part of the measured one, also after rounding.
    const measured = Math.round(measuredSeconds)
    const busy = Math.min(Math.round(busySeconds), measured)
    return [day, quoted(provider), quoted(gpuType), gpuHoursText(busy), gpuHoursText(measured)].join(',')
  })
  return ['date,provider,gpu_type,gpu_hours,measured_gpu_hours', ...rows].map((row) => `${row}\n`).join('')
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const Answer = z.union([
  z.object({
    status: z.literal('success'),
    data: z.object({
      resultType: z.literal('vector'),
      result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
    }),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
])

/** @throws HelioxError invalid `sources.query_refused`, `sources.not_prometheus`, `sources.not_json` */
async function seriesOf(response: Response, address: string) {
  const { host } = new URL(address)
  const answer = Answer.safeParse(jsonOf(await textOf(response, LARGEST_ANSWER), host))
  if (!answer.success)
    throw new HelioxError(
      'invalid',
      'sources.not_prometheus',
      `${host} does not answer as Prometheus: check the address`,
    )
  if (answer.data.status === 'error')
    throw new HelioxError(
      'invalid',
      'sources.query_refused',
      `${host} refused the query: ${answer.data.error.slice(0, 4000)}`,
    )
  const series = answer.data.data.result.map(({ metric, value: [, text] }) => {
    const key = JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)))
    return [key, { labels: metric, value: Number(text) }] as const
  })
  return new Map(series.filter(([, { value }]) => Number.isFinite(value)))
}
