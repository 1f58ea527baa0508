import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import {
  allocate,
  divideHalfEven,
  exactText,
  type NanoUsd,
  nanoUsd,
  readUsd,
  toNanoUsd,
  usdText,
} from '../../db/units/money.ts'
import type { Day, EpochMs } from '../../db/units/time.ts'
import {
  gradedCost,
  type TokenCounts,
  type TokenRates,
  tokenCost,
  tokensIn,
  totalTokens,
} from '../../db/units/tokens.ts'
import type { Pull } from '../sources/kinds/kind.ts'
import { prometheus } from '../sources/kinds/prometheus.ts'
import { startHeliox } from '../testing.ts'
import { readBillTime } from './importers/amounts.ts'
import type { CostDraft, JobDraft, Row, TokenDraft } from './importers/importer.ts'
import { importerOf } from './importers/index.ts'
import { instantsIn } from './importers/local-time.ts'
import { slurmSeconds } from './importers/slurm-times.ts'
import { NOTHING_SAID } from './importers/testing.ts'

/*
 * Inputs whose result was worked out by hand, in one list: token prices, Slurm, bills, measurements, days.
 * Three of the list have no place in an import: the usage events of an Anthropic stream (who relays the stream reads
 * them), the dollars of MIG slices and their idle rest (allocation), and counters that start again (Prometheus is asked
 * for gauges only). Of time slicing the hours are here, as OpenCost reports them, and not the dollars.
 */

const usd = (text: string): NanoUsd => toNanoUsd(readUsd(text)!)

function rowsOf(format: string, text: string): Row[] {
  const importer = importerOf(format)
  if (!('open' in importer)) throw new Error('not a text')
  const reader = importer.open(NOTHING_SAID)
  return [...reader.push(text), ...reader.end()]
}

/** The disjoint buckets of a file's only call. What is stored has both kinds of cache writes in one. */
function countsIn(format: string, text: string): TokenCounts {
  const [call] = rowsOf(format, text) as [TokenDraft]
  const { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens } = call
  const buckets = { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens }
  return { ...buckets, longCacheWriteTokens: null }
}

/** Dollars per million tokens. */
function rates(input: string, cached: string, output: string, write?: string, longWrite?: string): TokenRates {
  return {
    inputNanoUsdPerMillionTokens: usd(input),
    cachedInputNanoUsdPerMillionTokens: usd(cached),
    cacheWriteNanoUsdPerMillionTokens: write === undefined ? null : usd(write),
    longCacheWriteNanoUsdPerMillionTokens: longWrite === undefined ? null : usd(longWrite),
    outputNanoUsdPerMillionTokens: usd(output),
    reasoningNanoUsdPerMillionTokens: null,
  }
}
const costText = (counts: TokenCounts | null, of: TokenRates) => usdText(tokenCost(counts!, { rates: of })!)

describe('tokens', () => {
  test('OpenAI: 1000 in with 600 cached and 200 out with 150 of reasoning cost 0.0027, the reasoning not once more', () => {
    const log = `id,time,prompt_tokens,cached_tokens,completion_tokens,reasoning_tokens\na,2026-02-01,1000,600,200,150\n`
    const counts = countsIn('requests-csv', log)
    expect(counts).toEqual(tokensIn('openai', { input: 1000, cached: 600, output: 200, reasoning: 150 }))
    expect(totalTokens(counts)).toBe(1200)
    // 400 · 2 + 600 · 0.5 + 200 · 8 millionths
    expect(costText(counts, rates('2', '0.5', '8'))).toBe('0.0027')
    const usage = `{"data":[{"start_time":1769904000,"end_time":1769990400,"results":[{"object":
      "organization.usage.completions.result","input_tokens":1000,"input_cached_tokens":600,"output_tokens":200,
      "num_model_requests":1}]}]}`
    expect(costText(countsIn('openai-usage-json', usage), rates('2', '0.5', '8'))).toBe('0.0027')
  })

  test('Anthropic: 400 in, 600 read, 100 and 50 written, 200 out cost 0.005055', () => {
    const counts = tokensIn('anthropic', { input: 400, cached: 600, cacheWrite: 100, longCacheWrite: 50, output: 200 })
    // 400 · 3 + 600 · 0.3 + 100 · 3.75 + 50 · 6 + 200 · 15 millionths
    expect(costText(counts, rates('3', '0.3', '15', '3.75', '6'))).toBe('0.005055')
    const report = `{"data":[{"starting_at":"2026-02-01T00:00:00Z","ending_at":"2026-02-02T00:00:00Z","results":[{
      "uncached_input_tokens":400,"cache_read_input_tokens":600,"output_tokens":200,
      "cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":50}}]}]}`
    const read = countsIn('anthropic-usage-json', report)
    expect(read).toMatchObject({ inputTokens: 400, cachedInputTokens: 600, cacheWriteTokens: 150, outputTokens: 200 })
    expect(totalTokens(read)).toBe(1350)
  })

  test('Gemini: 1000 in with 600 cached, 50 of candidates and 150 of thoughts beside them cost 0.002575', () => {
    const log = `id,time,promptTokenCount,cachedContentTokenCount,candidatesTokenCount,thoughtsTokenCount
a,2026-02-01,1000,600,50,150\n`
    const counts = countsIn('requests-csv', log)
    expect(counts).toEqual(tokensIn('gemini', { input: 1000, cached: 600, output: 50, reasoning: 150 }))
    // 400 · 1.25 + 600 · 0.125 + 200 · 10 millionths
    expect(costText(counts, rates('1.25', '0.125', '10'))).toBe('0.002575')
  })

  test('above a threshold of 272,000 the dearer rate holds for all of 300,000: 1.50 and not 0.82', () => {
    const dear = { promptTokens: 272_000, rates: rates('5', '5', '5') }
    const price = { rates: rates('2.5', '2.5', '2.5'), above: [dear] }
    expect(tokenCost(tokensIn('openai', { input: 300_000 })!, price)).toBe(usd('1.5'))
  })

  test('a call whose stream was cut has no cost, is not free, and is counted among those nobody has priced', async () => {
    const { send, json } = await startHeliox()
    const sent = await send(
      'requests-csv',
      'id,time,model,prompt_tokens,completion_tokens,cost_usd\ncut,2026-02-01,m,,,\nwhole,2026-02-01,m,10,5,0.5\n',
    )
    const spends = `request_id,startTime,spend,prompt_tokens,completion_tokens,total_tokens,status,model
cut,2026-02-01T00:00:00Z,0,0,0,0,success,m\n`
    const spent = await send('litellm-spend-csv', spends)
    expect([sent.result.inserted, spent.result.inserted]).toEqual([2, 1])
    const { calls } = await json<{ calls: Record<string, unknown>[] }>('/api/v1/token-usage')
    const cut = calls.filter(({ record_id }) => record_id === 'cut')
    expect(cut).toHaveLength(2)
    for (const call of cut)
      expect(call).toMatchObject({ cost_usd: null, cost_grade: 'unpriced', input_tokens: null, output_tokens: null })
    const { total } = await json<{ total: object }>('/api/v1/token-usage/total')
    expect(total).toMatchObject({ record_count: 3, unpriced_record_count: 2, cost_usd: '0.50' })
  })

  test('what the provider reports is kept, 0.003092, and our 0.005318 stands 0.002226 above it', async () => {
    const { send, json } = await startHeliox()
    await send('requests-csv', 'id,time,prompt_tokens,completion_tokens,cost_usd\na,2026-02-01,1000,200,0.003092\n')
    const { calls } = await json<{ calls: Record<string, string>[] }>('/api/v1/token-usage')
    expect(calls).toMatchObject([{ cost_usd: '0.003092', cost_grade: 'reported' }])
    expect(gradedCost({ reported: usd(calls[0]?.cost_usd ?? ''), computed: usd('0.005318') })).toEqual({
      ...{ costNanoUsd: usd('0.003092'), costGrade: 'reported', discrepancyNanoUsd: usd('0.002226') },
    })
  })
})

describe('Slurm', () => {
  const SACCT = 'JobID|Cluster|Account|State|Start|End|ElapsedRaw|AllocTRES'
  const jobOf = (row: string, header = SACCT) => rowsOf('slurm-sacct', `${header}\n${row}\n`)[0] as JobDraft
  const heldSeconds = ({ gpuMilli, startedAtMs, endedAtMs }: JobDraft) =>
    (gpuMilli * (endedAtMs! - startedAtMs!)) / 1_000_000

  test('a typed and an untyped count are the same two GPUs: 5400 s are 3.0 GPU-hours of an a100', () => {
    const times = '2026-02-01T06:00:00|2026-02-01T07:30:00|5400'
    const job = jobOf(`7|atlas|ml|COMPLETED|${times}|billing=8,cpu=8,gres/gpu:a100=2,gres/gpu=2`)
    expect([job.gpuType, heldSeconds(job) / 3600]).toEqual(['a100', 3])
  })

  test('typed counts alone add up: three GPUs of two models', () => {
    const times = '2026-02-01T06:00:00|2026-02-01T07:00:00|3600'
    const job = jobOf(`7|atlas|ml|COMPLETED|${times}|gres/gpu:a100=2,gres/gpu:v100=1`)
    expect(job).toMatchObject({ gpuMilli: 3000, gpuType: 'a100+v100' })
  })

  test('an elapsed time of 1-02:03:04 is 93,784 s and one of 05:06 is 306 s', () => {
    expect([slurmSeconds('1-02:03:04'), slurmSeconds('05:06')]).toEqual([93_784, 306])
    const seconds = ['1-02:03:04', '05:06'].map((elapsed) => {
      const row = `7|COMPLETED|2026-02-01T06:00:00|${elapsed}|gres/gpu=1`
      return heldSeconds(jobOf(row, 'JobID|State|Start|Elapsed|AllocTRES'))
    })
    expect(seconds).toEqual([93_784, 306])
  })

  test('a job that was requeued ran twice: 2 × 1 h × 4 GPUs are 8 GPU-hours', async () => {
    const { send, trpc, db } = await startHeliox()
    const { result } = await send(
      'slurm-sacct',
      `${SACCT}
7|atlas|ml|PREEMPTED|2026-02-01T01:00:00|2026-02-01T02:00:00|3600|gres/gpu:a100=4
7|atlas|ml|COMPLETED|2026-02-01T03:00:00|2026-02-01T04:00:00|3600|gres/gpu:a100=4
`,
    )
    expect(result).toMatchObject({ inserted: 2, failed: 0 })
    const { jobs } = await trpc.jobs.list.query({})
    expect(jobs.map(({ jobId, gpuCount }) => [jobId, gpuCount])).toEqual([
      ['7', 4],
      ['7', 4],
    ])
    expect(await db.all(sql`select sum(gpu_ms) / 1000 as held from job_day_shares`)).toEqual([{ held: 8n * 3600n }])
  })
})

test('four pods with a quarter of a GPU for an hour held 1 GPU-hour; three held 0.75 and left 0.25 idle', () => {
  const window = { start: '2026-02-01T00:00:00Z', end: '2026-02-01T01:00:00Z' }
  const quarter = (name: string) => {
    const properties = { cluster: 'c', namespace: 'ml' }
    const allocation = { name, properties, window, ...window, gpuCount: 0.25, gpuHours: 0.25, gpuCost: 1, totalCost: 1 }
    return [name, allocation] as const
  }
  const secondsOf = (...names: string[]) => {
    const rows = rowsOf('opencost-json', JSON.stringify({ code: 200, data: [Object.fromEntries(names.map(quarter))] }))
    const jobs = rows.filter((row) => row.kind === 'job')
    const costs = rows.filter((row) => row.kind === 'cost')
    return {
      held: jobs.reduce((sum, job) => sum + (job.gpuMilli * (job.endedAtMs! - job.startedAtMs!)) / 1_000_000, 0),
      paid: costs.reduce((sum, cost) => sum + (cost.capacityGpuSeconds ?? 0), 0),
    }
  }
  expect(secondsOf('c/ml/p1', 'c/ml/p2', 'c/ml/p3', 'c/ml/p4')).toEqual({ held: 3600, paid: 3600 })
  expect(secondsOf('c/ml/p1', 'c/ml/p2', 'c/ml/p3', 'c/__idle__')).toEqual({ held: 2700, paid: 3600 })
})

test('10.00 over three equal owners is 3.34 once and 3.33 twice, by the order of the owners alone, and 10.00 in sum', () => {
  // In whole cents, as in the finer unit of the ledger. Shares are cut from the running total, so the second owner has
  // the cent that is left over, where a rule of largest remainders would give it to the first.
  for (const [total, parts] of [
    [1_000n, [333n, 334n, 333n]],
    [-1_000n, [-333n, -334n, -333n]],
    [10_000_000_000n, [3_333_333_333n, 3_333_333_334n, 3_333_333_333n]],
  ] as const) {
    const split = allocate(nanoUsd(total), [1n, 1n, 1n])
    expect(split).toEqual(parts)
    expect(split.reduce((sum, part) => sum + part, 0n)).toBe(total)
  }
  expect(divideHalfEven(1_000n, 3n) * 3n).toBe(999n) // rounded one by one, a cent is lost
})

describe('bills', () => {
  const FOCUS = { BillingCurrency: 'USD', ChargePeriodStart: '2024-10-01T00:00:00Z', ChargeCategory: 'Usage' }

  /** A FOCUS file of rows by column name. */
  function focus(...rows: Record<string, string>[]): string {
    const columns = Object.keys({ ...FOCUS, ...Object.assign({}, ...rows) })
    const lines = [columns, ...rows.map((row) => columns.map((name) => ({ ...FOCUS, ...row })[name] ?? ''))]
    return lines.map((cells) => `${cells.map((text) => `"${text}"`).join(',')}\n`).join('')
  }
  const readOne = (row: Record<string, string>) => rowsOf('focus-csv', focus(row))[0] as Row

  test('FOCUS numbers: 35.2E-7 is 0.00000352, NULL and nothing are no amount, 1,5 and +1 are quarantined', async () => {
    expect(exactText((readOne({ BilledCost: '35.2E-7' }) as CostDraft).billed)).toBe('0.00000352')
    for (const text of ['NULL', '']) expect(readOne({ BilledCost: '1', ListCost: text })).toMatchObject({ list: null })
    const { send, trpc } = await startHeliox()
    const texts = ['35.2E-7', '1,5', 'NULL', '', '+1']
    const { result } = await send('focus-csv', focus(...texts.map((text) => ({ BilledCost: text }))))
    // a charge without its amount is none
    expect(result.errors.map(({ line, column, code }) => [line, column, code])).toEqual(
      [3, 4, 5, 6].map((line) => [line, 'BilledCost', 'ingest.bad_amount']),
    )
    expect(await trpc.costs.total.query({})).toMatchObject({ totalCostUsd: '0.00000352', count: 1 })
  })

  test('a FOCUS time with a blank, with a Z and with an offset is the same instant and day', () => {
    const texts = ['2024-10-01 00:00:00', '2024-10-01T00:00:00Z', '2024-10-01T02:00:00+02:00']
    expect(texts.map(readBillTime)).toEqual(texts.map(() => Date.UTC(2024, 9, 1)))
    const days = texts.map((text) => (readOne({ BilledCost: '1', ChargePeriodStart: text }) as CostDraft).entryDate)
    expect(days).toEqual(['2024-10-01', '2024-10-01', '2024-10-01'])
  })

  test('a commitment bought for 100, used for 70, unused for 30: effective 100 by its use, billed 100 by its purchase', async () => {
    const { send, trpc } = await startHeliox()
    const bought = { ChargeCategory: 'Purchase', BilledCost: '100', EffectiveCost: '0', SkuId: 'bought' }
    const used = { BilledCost: '0', EffectiveCost: '70', SkuId: 'used', CommitmentDiscountStatus: 'Used' }
    const unused = { BilledCost: '0', EffectiveCost: '30', SkuId: 'unused', CommitmentDiscountStatus: 'Unused' }
    await send('focus-csv', focus(bought, used, unused))
    const { costs } = await trpc.costs.list.query({})
    const amounts = costs.map(({ sku, costUsd, effectiveCostUsd }) => [sku, costUsd, effectiveCostUsd])
    expect(amounts.sort()).toEqual([
      ['bought', '100.00', '0.00'],
      ['unused', '0.00', '30.00'],
      ['used', '0.00', '70.00'],
    ])
    const total = await trpc.costs.total.query({})
    expect(total).toMatchObject({ totalCostUsd: '100.00', effectiveCostUsd: '100.00' })
  })

  test('usage of 12.00 and a credit of −2.00 are 10.00 net, and both rows are there', async () => {
    const { send, trpc } = await startHeliox()
    await send('focus-csv', focus({ BilledCost: '12.00' }, { BilledCost: '-2.00', ChargeCategory: 'Credit' }))
    const { costs } = await trpc.costs.list.query({})
    expect(costs.map(({ chargeCategory, costUsd }) => [chargeCategory, costUsd]).sort()).toEqual([
      ['Credit', '-2.00'],
      ['Usage', '12.00'],
    ])
    expect(await trpc.costs.total.query({})).toMatchObject({ totalCostUsd: '10.00', effectiveCostUsd: '10.00' })
  })
})

test('a DCGM blank is no value: the half day of it is not measured, and not idle', async () => {
  const day = '2026-01-05' as Day
  const blank = '9223372036854775794'
  // One GPU: blank in the first half of the day, at one half in the second, a sample a minute.
  const samples = Array.from({ length: 1440 }, (_, minute) => (minute < 720 ? Number(blank) : 0.5))
  const answerTo = (query: string) => {
    // As Prometheus would: the bounds that the query itself sets around the metric say what is dropped.
    const [, least, limit] = /DCGM_FI_PROF_GR_ENGINE_ACTIVE\[\d+ms\]\) >= (\S+) < (\S+?)\)/.exec(query) ?? []
    const kept = samples.filter((value) => value >= Number(least) && value < Number(limit))
    const sum = kept.reduce((all, value) => all + value, 0)
    return { sum, count: kept.length, max: Math.max(...kept) }[query.slice(0, query.indexOf('_')) as 'sum']
  }
  const pull: Pull<unknown, unknown, object> = {
    ...{ config: prometheus.config.parse({ url: 'http://prometheus.test', days: 1 }), secrets: {}, state: {} },
    ...{ yesterday: day, now: (Date.UTC(2026, 0, 6) + 1) as EpochMs, provider: 'on-prem' },
    fetch: async ({ url }) => {
      const value = [0, String(answerTo(url.searchParams.get('query') ?? ''))]
      const result = [{ metric: { UUID: 'GPU-a', modelName: 'NVIDIA H100 80GB HBM3' }, value }]
      return Response.json({ status: 'success', data: { resultType: 'vector', result } })
    },
  }
  const { value: file } = await prometheus.pull(pull as never).next()
  const body = await file?.open()
  const text = body && 'text' in body ? body.text : ''
  // 12 h × 0.5 of the 12 h that were measured
  expect(text).toBe(`date,provider,gpu_type,gpu_hours,measured_gpu_hours\n${day},on-prem,h100,6,12\n`)
  const { send, db } = await startHeliox()
  await send('usage-csv', text)
  const stored = await db.all(sql`select gpu_seconds, measured_gpu_seconds from usage_snapshots`)
  expect(stored).toEqual([{ gpu_seconds: 21_600n, measured_gpu_seconds: 43_200n }])
})

describe('days of a time zone', () => {
  /** When a day begins on the clocks of a zone. */
  const startIn = (timeZone: string, year: number, month: number, day: number) =>
    instantsIn(timeZone)(Date.UTC(year, month - 1, day))[0]
  const hoursOf = (timeZone: string, year: number, month: number, day: number) =>
    (startIn(timeZone, year, month, day + 1) - startIn(timeZone, year, month, day)) / 3_600_000

  test('in New York 2026-03-08 has 23 hours and 2026-11-01 has 25, and the days of the year add up to it', () => {
    expect([hoursOf('America/New_York', 2026, 3, 8), hoursOf('America/New_York', 2026, 11, 1)]).toEqual([23, 25])
    const days = Array.from({ length: 365 }, (_, at) => hoursOf('America/New_York', 2026, 1, 1 + at))
    expect(days.filter((hours) => hours !== 24)).toEqual([23, 25])
    expect(days.reduce((sum, hours) => sum + hours, 0)).toBe(365 * 24)
  })

  test('in Kolkata a day begins at 18:30 UTC', () => {
    expect(new Date(startIn('Asia/Kolkata', 2026, 3, 8)).toISOString()).toBe('2026-03-07T18:30:00.000Z')
  })

  test('a job through the hour that New York skips, and through the one it has twice, held its GPU as long as it ran', async () => {
    const { send, db } = await startHeliox({ now: '2026-12-01T00:00:00Z' })
    const sacct = `JobID|Account|State|Start|End|ElapsedRaw|AllocTRES
1|ml|COMPLETED|2026-03-08T00:00:00|2026-03-09T00:00:00|82800|gres/gpu:a100=1
2|ml|COMPLETED|2026-11-01T00:00:00|2026-11-02T00:00:00|90000|gres/gpu:a100=1
`
    await send('slurm-sacct', sacct, '&time_zone=America/New_York')
    const held = await db.all(
      sql`select sum(s.gpu_ms) / 1000 as held from job_day_shares s group by s.job_id order by 1`,
    )
    expect(held).toEqual([{ held: 23n * 3600n }, { held: 25n * 3600n }])
  })
})

test('an instance of 10 and its split rows of 6 used and 4 unused are 10 in the ledger and not 20', async () => {
  const header = [
    ...['line_item_line_item_type', 'line_item_usage_start_date', 'line_item_currency_code', 'line_item_resource_id'],
    ...['line_item_unblended_cost', 'split_line_item_parent_resource_id', 'split_line_item_split_cost'],
    'split_line_item_unused_cost',
  ]
  // as AWS writes them, and as files are where somebody has filled up the cost of the split rows
  for (const [used, unused] of [
    ['0.0', '0.0'],
    ['6', '4'],
  ]) {
    const { send, trpc } = await startHeliox()
    const rows = [`i-0aa1,10,,,`, `pod/a,${used},i-0aa1,6,0`, `pod/b,${unused},i-0aa1,0,4`]
    const lines = rows.map((row) => `Usage,2026-02-01T10:00:00.000Z,USD,${row}\n`)
    const { result } = await send('aws-cur-csv', `${header.join(',')}\n${lines.join('')}`)
    expect(result).toMatchObject({ inserted: 1, skipped: 2, failed: 0 })
    expect(await trpc.costs.total.query({})).toMatchObject({ totalCostUsd: '10.00', effectiveCostUsd: '10.00' })
  }
})

test('a row that Google exports three days late is on the day of its usage, and its period is restated and says so', async () => {
  const { send, trpc, json, moveTo } = await startHeliox({ now: '2026-02-11T06:00:00Z' })
  const row = (sku: string, cost: number, exported: string) =>
    `${JSON.stringify({
      ...{ billing_account_id: '0A', service: { description: 'Compute Engine' }, sku: { id: sku, description: sku } },
      ...{ usage_start_time: '2026-02-10 20:00:00 UTC', export_time: exported, cost, currency: 'USD', credits: [] },
      ...{ invoice: { month: '202602' }, cost_type: 'regular' },
    })}\n`
  const early = row('A', 12, '2026-02-11 05:00:00 UTC')
  const first = await send('gcp-billing-ndjson', early)
  moveTo('2026-02-14T06:00:00Z')
  const second = await send('gcp-billing-ndjson', early + row('B', 3, '2026-02-14 05:00:00 UTC'))
  expect(second.result).toMatchObject({ inserted: 1, unchanged: 1, removed: 0, failed: 0 })
  const { costs } = await trpc.costs.list.query({})
  expect(costs.map(({ sku, date, costUsd }) => [sku, date, costUsd]).sort()).toEqual([
    ['A', '2026-02-10', '12.00'],
    ['B', '2026-02-10', '3.00'],
  ])
  const bills = await json<object[]>(`/api/v1/imports/${second.import_id}/bills`)
  expect(bills).toHaveLength(1)
  expect(bills).toMatchObject([
    {
      ...{ billing_account: '0A', billing_period: '2026-02-01', status: 'current', line_count: 2, billed_usd: '15.00' },
      replaced: [{ import_id: first.import_id, status: 'superseded', line_count: 1, billed_usd: '12.00' }],
    },
  ])
})
