import { expect, test } from 'vitest'
import { nano, startHeliox } from '../testing.ts'
import { metered, priced } from './testing.ts'

const DAY = 'start=2026-02-01&end=2026-02-01'

/** The pool of a day at $2,567.89 with 24 GPU-hours; a job held 6.25 of them, a deployment 12. */
async function withDeployment() {
  const heliox = await startHeliox({ now: '2026-02-10T12:00:00Z' })
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-01,aws,h100,2567.89,24\n')
  for (const name of ['vision', 'search']) await heliox.write('POST', '/api/v1/teams', { name })
  await heliox.write('POST', '/api/v1/jobs', {
    ...{ job_id: 'train', team_id: 'team_1', provider: 'aws', gpu_type: 'h100', gpu_count: 1 },
    ...{ start_time: '2026-02-01T00:00:00Z', end_time: '2026-02-01T06:15:00Z' },
  })
  await heliox.write('POST', '/api/v1/deployments', {
    ...{ model: 'llama', provider: 'aws', gpu_type: 'h100', gpu_count: 1 },
    ...{ starts_at: '2026-02-01T06:00:00Z', ends_at: '2026-02-01T18:00:00Z' },
  })
  await priced(heliox, { model: 'llama', input: '1.50', output: '2.00' })
  const economics = async (query = DAY) => {
    // biome-ignore lint/suspicious/noExplicitAny: as the wire says it
    const answer = await heliox.json<any>(`/api/v1/analytics/unit-economics?${query}`)
    return { ...answer, model: answer.served[0] }
  }
  return { heliox, economics }
}

const cents = (usd: string) => Number(usd).toFixed(2)

test('a day of a served model says what a million tokens really cost beside its list price', async () => {
  const { heliox, economics } = await withDeployment()
  await metered(heliox, { day: '2026-02-01', model: 'llama', teamId: 'team_1', input: 410_000_000, output: 90_000_000 })
  const { model } = await economics()
  // 2,567.89 × 12 ÷ 18.25 and × 12 ÷ 24, over 500 M tokens; list is (410 × 1.50 + 90 × 2.00) ÷ 500.
  expect(model).toMatchObject({ allocation_cost_usd: '1688.475616438', usage_cost_usd: '1283.945', gpu_hours: '12' })
  expect(
    [model.allocation_per_million_usd, model.usage_per_million_usd, model.list_per_million_usd].map(cents),
  ).toEqual([...['3.38', '2.57', '1.59']])
  // 1,688.475616438 ÷ 1.59 per million
  expect(model.break_even_tokens_per_day).toBe(1_061_934_350)
  expect(model.break_even_utilization).toBeCloseTo(1283.945 / 795, 9)
  expect(model).toMatchObject({ margin_usd: '-893.475616438', coverage: 1, provisional_days: [], costed_day_count: 1 })
  const bill = await heliox.json<Record<string, string>>(`/api/v1/analytics/reconciliation?${DAY}`)
  expect(bill).toMatchObject({
    ...{ billed_cost_usd: '2567.89', allocated_cost_usd: '879.414383562', serving_cost_usd: '1688.475616438' },
    ...{ idle_cost_usd: '0.00', unallocated_cost_usd: '0.00', difference_usd: '0.00' },
  })
})

test('buckets and teams sum to the cost, by list prices and by tokens', async () => {
  const { heliox, economics } = await withDeployment()
  await priced(heliox, { model: 'llama', from: '2026-01-15', input: '1.50', cachedInput: '0.15', output: '6.00' })
  const call = { day: '2026-02-01', model: 'llama' }
  await metered(heliox, { ...call, teamId: 'team_1', input: 100, cached: 1_000, output: 33 })
  await metered(heliox, { ...call, teamId: 'team_2', input: 7, output: 10, status: 'failed' })
  await metered(heliox, { ...call, input: 1 })
  const { model } = await economics()
  const cost = nano(model.allocation_cost_usd)
  // biome-ignore lint/suspicious/noExplicitAny: as the wire says it
  const sum = (rows: any[], name: string) => rows.reduce((all, row) => all + nano(row[name]), 0n)
  expect(sum(model.buckets, 'allocation_cost_usd')).toBe(cost)
  expect(sum(model.teams, 'allocation_cost_usd')).toBe(cost)
  expect(sum(model.teams, 'usage_cost_usd')).toBe(nano(model.usage_cost_usd))
  expect([model.bucket_weights, model.failed_request_count]).toEqual(['list_price', 1])
  expect(model.teams.map((team: Record<string, unknown>) => [team.kind, team.team_name, team.tokens])).toEqual([
    ['team', 'vision', 1133],
    ['team', 'search', 17],
    ['none', null, 1],
  ])
  // A cached token is a tenth of an input token.
  const per = (bucket: string) =>
    Number(model.buckets.find((one: Record<string, unknown>) => one.bucket === bucket).allocation_per_million_usd)
  expect(per('inputTokens') / per('cachedInputTokens')).toBeCloseTo(10, 6)
  expect(per('outputTokens') / per('inputTokens')).toBeCloseTo(4, 6)
})

test('an unpriced model splits by 2.5 for output and has no margin, which is not a margin of zero', async () => {
  const { heliox, economics } = await withDeployment()
  await heliox.write('PUT', '/api/v1/deployments/dep_1', { model: 'qwen' })
  await metered(heliox, { day: '2026-02-01', model: 'qwen', input: 100, output: 40 })
  const { model } = await economics()
  expect(model).toMatchObject({ model: 'qwen', bucket_weights: 'output_2_5', list_cost_usd: null, margin_usd: null })
  expect(model.break_even_tokens_per_day).toBeNull()
  const [input, output] = model.buckets
  expect(nano(input.allocation_cost_usd)).toBe(nano(output.allocation_cost_usd))
})

test('days without a token are nobody’s, days without a bill are provisional and in no unit price', async () => {
  const { heliox, economics } = await withDeployment()
  await heliox.write('PUT', '/api/v1/deployments/dep_1', { ends_at: '2026-02-03T00:00:00Z' })
  await metered(heliox, { day: '2026-02-02', model: 'llama', teamId: 'team_1', input: 300 })
  const { model } = await economics('start=2026-02-01&end=2026-02-03')
  expect(model).toMatchObject({ tokens: 300, costed_tokens: 0, coverage: 0, allocation_per_million_usd: null })
  expect(model).toMatchObject({ provisional_days: ['2026-02-02'], day_count: 2, costed_day_count: 1 })
  const nobody = model.teams.find((one: Record<string, unknown>) => one.kind === 'nobody')
  expect(nobody.allocation_cost_usd).toBe(model.allocation_cost_usd)
})

test('a bought model costs what the provider reported, beside the book', async () => {
  const { heliox, economics } = await withDeployment()
  await priced(heliox, { model: 'gpt', input: '1', output: '10' })
  await metered(heliox, {
    day: '2026-02-01',
    model: 'gpt',
    input: 1_000_000,
    output: 100_000,
    costNanoUsd: 2_500_000_000n,
  })
  await metered(heliox, { day: '2026-02-01', model: 'gpt', input: 500_000 })
  const { bought } = await economics()
  expect(bought).toEqual([
    expect.objectContaining({
      ...{ model: 'gpt', tokens: 1_600_000, cost_usd: '2.50', reported_cost_usd: '2.50', unpriced_tokens: 500_000 },
      list_cost_usd: '2.50', // 1.5 × 1 + 0.1 × 10
    }),
  ])
})

test('who sees only a team gets its tokens and their part of the cost, and nothing of others', async () => {
  const { heliox, economics } = await withDeployment()
  const call = { day: '2026-02-01', model: 'llama', input: 100 }
  await metered(heliox, { ...call, teamId: 'team_1' })
  await metered(heliox, { ...call, teamId: 'team_2', input: 300 })
  const developer = await heliox.as('developer', ['team_1'])
  // biome-ignore lint/suspicious/noExplicitAny: as the wire says it
  const own = await developer.json<any>(`/api/v1/analytics/unit-economics?${DAY}`)
  const { model } = await economics()
  expect(own).toMatchObject({
    is_partial: true,
    served: [{ tokens: 100, gpu_hours: null, teams: [{ team_id: 'team_1' }] }],
  })
  expect(own.served[0].teams).toHaveLength(1)
  expect(own.served[0].allocation_cost_usd).toBe(
    model.teams.find((one: Record<string, unknown>) => one.team_id === 'team_1').allocation_cost_usd,
  )
  const other = await heliox.as('developer', [])
  expect(await other.json(`/api/v1/analytics/unit-economics?${DAY}`)).toMatchObject({ served: [], bought: [] })
  expect((await developer.fetch(`/api/v1/analytics/unit-economics/what-if?${DAY}&model=llama`)).status).toBe(403)
})

test('a what-if with the actual inputs returns the actual cost exactly; others scale it', async () => {
  const { heliox, economics } = await withDeployment()
  await metered(heliox, { day: '2026-02-01', model: 'llama', input: 410_000_000, output: 90_000_000 })
  const { model } = await economics()
  const asked = { start: '2026-02-01', end: '2026-02-01', model: 'llama' }
  const same = await heliox.trpc.analytics.whatIf.query(asked)
  expect(same).toMatchObject({
    ownCostUsd: model.allocation_cost_usd,
    apiCostUsd: '795.00',
    savingUsd: '-893.475616438',
  })
  const { gpuHourUsd, utilization } = same.actual
  const again = { gpuHourUsd: gpuHourUsd ?? '', utilization: utilization ?? 0 }
  expect(again).toEqual({ gpuHourUsd: '106.995416667', utilization: 0.760417 })
  expect((await heliox.trpc.analytics.whatIf.query({ ...asked, ...again })).ownCostUsd).toBe(same.ownCostUsd)
  const list = { inputUsdPerMillion: '1.50', outputUsdPerMillion: '2.00' }
  expect((await heliox.trpc.analytics.whatIf.query({ ...asked, ...list })).apiCostUsd).toBe('795.00')
  const half = await heliox.trpc.analytics.whatIf.query({ ...asked, ...again, utilization: 0.3802085 })
  expect(Number(half.ownCostUsd) / Number(same.ownCostUsd)).toBeCloseTo(2, 5)
  await expect(heliox.trpc.analytics.whatIf.query({ ...asked, model: 'gpt' })).rejects.toThrow('not served')
})

test('a model without a token has nothing to buy: no price of it and no saving, which are not zero', async () => {
  const { heliox } = await withDeployment()
  const asked = { start: '2026-02-01', end: '2026-02-01', model: 'llama' }
  const none = { ownPerMillionUsd: null, apiCostUsd: null, apiPerMillionUsd: null, savingUsd: null }
  expect(await heliox.trpc.analytics.whatIf.query(asked)).toMatchObject({
    tokens: 0,
    breakEvenTokensPerDay: null,
    ...none,
  })
  const list = { inputUsdPerMillion: '1.50', outputUsdPerMillion: '2.00' }
  expect(await heliox.trpc.analytics.whatIf.query({ ...asked, ...list })).toMatchObject(none)
})

test('tokens of the gateway are in every sum of tokens, failed calls and all, and are read from the sums of days', async () => {
  const { heliox } = await withDeployment()
  await metered(heliox, { day: '2026-02-01', model: 'llama', teamId: 'team_1', input: 40, output: 2 })
  await metered(heliox, { day: '2026-02-01', model: 'llama', teamId: 'team_2', input: 8, status: 'failed' })
  const total = await heliox.trpc.tokenUsage.total.query({ groupBy: 'model' })
  expect(total.rows[0]).toMatchObject({ name: 'llama', totalTokens: 50, requestCount: 2, failedRequestCount: 1 })
  expect((await heliox.trpc.tokenUsage.total.query({ source: 'gateway' })).total.totalTokens).toBe(50)
  expect((await heliox.trpc.tokenUsage.total.query({ source: 'requests' })).total.requestCount).toBe(0)
  expect((await heliox.trpc.tokenUsage.total.query({ teamId: 'team_2' })).total.totalTokens).toBe(8)
  const developer = await heliox.as('developer', ['team_2'])
  expect((await developer.trpc.tokenUsage.total.query({})).total.totalTokens).toBe(8)
  const models = await heliox.json<{ rows: Record<string, unknown>[] }>(`/api/v1/analytics/models?${DAY}`)
  expect(models.rows.find(({ name }) => name === 'llama')).toMatchObject({ total_tokens: 50 })
})
