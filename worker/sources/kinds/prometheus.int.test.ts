import { expect, onTestFinished, test } from 'vitest'
import type { Day, EpochMs } from '../../../db/units/time.ts'
import { fetchOutside } from '../fetch-outside.ts'
import type { Pull } from './kind.ts'
import { prometheus } from './prometheus.ts'
import { prometheusPrograms, startPrometheus } from './prometheus-server.ts'

const DAY = '2026-01-05' as Day
const START = Date.parse(`${DAY}T00:00:00Z`) / 1000
const BLANK = '9223372036854775794'

type Series = { labels: Record<string, string>; at: (second: number) => string | null; everySeconds?: number }

/** Samples of a day, and of the hours on both sides of it, as promtool reads them: by metric, in the order of time. */
function openMetrics(metrics: Record<string, readonly Series[]>): string {
  const lines = Object.entries(metrics).flatMap(([metric, series]) => [
    `# TYPE ${metric} gauge`,
    ...series.flatMap(({ labels, at, everySeconds = 60 }) => {
      const text = Object.entries(labels).map(([name, value]) => `${name}="${value}"`)
      const seconds = Array.from({ length: (26 * 3600) / everySeconds }, (_, n) => -3600 + n * everySeconds + 7)
      return seconds.flatMap((second) => {
        const value = at(second)
        return value === null ? [] : [`${metric}{${text.join(',')}} ${value} ${START + second}`]
      })
    }),
  ])
  return `${lines.join('\n')}\n# EOF\n`
}

const hour = (second: number) => second / 3600
const gpu = (uuid: string, modelName: string, more: Record<string, string> = {}) => ({
  UUID: uuid,
  gpu: '0',
  Hostname: 'node-1',
  modelName,
  ...more,
})

const ACTIVE: Series[] = [
  // The whole day at one half, and before and after it at full: those hours are other days'.
  { labels: gpu('GPU-a', 'NVIDIA H100 80GB HBM3', { pod: 'one' }), at: (s) => (s < 0 || s >= 86_400 ? '1' : '0.5') },
  // The same GPU by another pod (time slicing): it is one GPU all the same.
  { labels: gpu('GPU-a', 'NVIDIA H100 80GB HBM3', { pod: 'two' }), at: (s) => (s < 0 || s >= 86_400 ? '1' : '0.5') },
  // Four samples a minute that average 0.25, from 06:00 to 18:00; nothing before and after: 12 hours are measured.
  {
    labels: gpu('GPU-b', 'NVIDIA A100-SXM4-80GB', { gpu: '1', provider: 'AWS' }),
    at: (s) => (hour(s) >= 6 && hour(s) < 18 ? ['0.1', '0.2', '0.3', '0.4'][Math.floor(s / 15) % 4]! : null),
    everySeconds: 15,
  },
  // Blanks in the first half, idle in the second: 12 hours are measured, none busy. Missing is not 0.
  { labels: gpu('GPU-c', 'Tesla T4', { gpu: '2' }), at: (s) => (hour(s) < 12 ? BLANK : '0') },
  // Two MIG instances at full for an hour: 3/7 and 1/7 of a GPU.
  ...(['3g.40gb', '1g.10gb'] as const).map((profile, n) => ({
    labels: gpu('GPU-d', 'NVIDIA A100-SXM4-40GB', { gpu: '3', GPU_I_PROFILE: profile, GPU_I_ID: String(n + 1) }),
    at: (s: number) => (hour(s) >= 3 && hour(s) < 4 ? '1' : null),
  })),
]
const UTIL: Series[] = [
  // Reported beside the other metric: the better one counts.
  { labels: gpu('GPU-a', 'NVIDIA H100 80GB HBM3'), at: () => '97' },
  // The only metric of this one, with blanks: 80 % from 00:00 to 06:00.
  { labels: gpu('GPU-e', 'NVIDIA L4', { gpu: '4' }), at: (s) => (hour(s) < 6 ? '80' : BLANK) },
]

/** The CSV of a day, as the importer will get it. */
async function csvOf(url: string, config: Record<string, unknown> = {}, provider = 'on-prem'): Promise<string> {
  const pull: Pull<unknown, unknown, object> = {
    ...{ config: prometheus.config.parse({ url, days: 1, ...config }), secrets: {}, state: {}, provider },
    ...{
      yesterday: DAY,
      now: Date.now() as EpochMs,
      fetch: (request) => fetchOutside({ allowPrivateSources: true }, request),
    },
  }
  for await (const file of prometheus.pull(pull as never)) {
    expect([file.fileName, file.part]).toEqual([`prometheus-${DAY}.csv`, DAY])
    const body = await file.open()
    return 'text' in body ? body.text : ''
  }
  throw new Error('no file')
}

test('a real Prometheus answers the busy and the measured GPU-seconds of a day, to the second', async ({ skip }) => {
  const programs = prometheusPrograms()
  if (!programs) {
    if (process.env.HELIOX_NEEDS_PROMETHEUS) throw new Error('There is no prometheus: install the Debian package')
    return skip('There is no prometheus on the PATH, and Debian’s package cannot be fetched')
  }
  const { url, close } = await startPrometheus(
    programs,
    openMetrics({ DCGM_FI_PROF_GR_ENGINE_ACTIVE: ACTIVE, DCGM_FI_DEV_GPU_UTIL: UTIL }),
  )
  onTestFinished(close)
  // h100: 24 h × 0.5 of 24 h. a100 at aws: 12 h × 0.25 of 12 h. a100: 3/7 + 1/7 = 4/7 h of 4/7 h, 2057 s.
  // t4: 0 of 12 h. l4: 6 h × 0.8 of 6 h.
  expect(await csvOf(url)).toBe(`date,provider,gpu_type,gpu_hours,measured_gpu_hours
${DAY},aws,a100,3,12
${DAY},on-prem,a100,0.571389,0.571389
${DAY},on-prem,h100,12,24
${DAY},on-prem,l4,4.8,6
${DAY},on-prem,t4,0,12
`)
  const own = `DCGM_FI_DEV_GPU_UTIL{UUID="GPU-a"}`
  // Sampled at each whole minute of the day: 97 % of 24 h.
  expect(await csvOf(url, { query: own, scale: 'percent' })).toContain(`${DAY},on-prem,h100,23.28,24\n`)
  await expect(csvOf(url, { query: own })).rejects.toMatchObject({ code: 'sources.not_a_ratio' })
  await expect(csvOf(url, { query: 'sum(' })).rejects.toMatchObject({ code: 'sources.query_refused' })
  await expect(csvOf(url, {}, '')).rejects.toMatchObject({ code: 'sources.no_provider' })
  expect(await csvOf(url, { query: 'no_such_metric' })).toBe('date,provider,gpu_type,gpu_hours,measured_gpu_hours\n')
})
