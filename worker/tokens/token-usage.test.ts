import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

const FILE = `request_id,timestamp,team,user,provider,model,prompt_tokens,cached_tokens,completion_tokens,cost_usd,status
a,2026-02-01T00:00:00Z,Vision,ada,OpenAI,gpt-5,1000,600,200,0.5,ok
b,2026-02-01T10:00:00Z,search,bob,openai,gpt-5,20,0,6,0.25,ok
c,2026-02-02T00:00:00Z,,bob,self,llama,30,,7,,ok
d,2026-02-03T00:00:00Z,vision,ada,self,llama,,,,0,503
`

async function withCalls() {
  const heliox = await startHeliox()
  await heliox.write('POST', '/api/v1/teams', { name: 'vision' })
  await heliox.write('POST', '/api/v1/teams', { name: 'search' })
  await heliox.send('requests-csv', FILE)
  return heliox
}

test('the list has the newest first, each call with its buckets, its team and its grade', async () => {
  const { json, trpc } = await withCalls()
  const page = await json<{ calls: Record<string, unknown>[]; total: number }>('/api/v1/token-usage')
  expect([page.total, page.calls.map(({ record_id }) => record_id)]).toEqual([4, ['d', 'c', 'b', 'a']])
  expect(page.calls[3]).toEqual({
    ...{ id: 'tok_1', source: 'requests', record_id: 'a', day: '2026-02-01', started_at: '2026-02-01T00:00:00.000Z' },
    ...{
      ended_at: null,
      provider: 'openai',
      model: 'gpt-5',
      team_id: 'team_1',
      team_name: 'vision',
      project: 'Vision',
    },
    ...{ user_name: 'ada', key_name: '', status: 'completed', request_count: 1, input_tokens: 400 },
    ...{ cached_input_tokens: 600, cache_write_tokens: null, output_tokens: 200, reasoning_tokens: null },
    ...{ cost_usd: '0.50', cost_grade: 'reported', latency_ms: null, time_to_first_token_ms: null },
  })
  expect(page.calls[1]).toMatchObject({ cost_usd: null, cost_grade: 'unpriced', team_id: null, input_tokens: 30 })
  const two = await trpc.tokenUsage.list.query({ skip: 1, limit: 2 })
  expect(two).toMatchObject({ total: 4, hasMore: true, isPartial: false })
  expect(two.calls.map(({ recordId }) => recordId)).toEqual(['c', 'b'])
})

test('filters narrow together, days both inside', async () => {
  const { trpc } = await withCalls()
  const ids = async (asked: Parameters<typeof trpc.tokenUsage.list.query>[0]) =>
    (await trpc.tokenUsage.list.query(asked)).calls.map(({ recordId }) => recordId)
  expect(await ids({ start: '2026-02-01', end: '2026-02-02' })).toEqual(['c', 'b', 'a'])
  expect(await ids({ start: '2026-02-02' })).toEqual(['d', 'c'])
  expect(await ids({ teamId: 'team_1', model: 'gpt-5' })).toEqual(['a'])
  expect(await ids({ provider: 'OPENAI', end: '2026-02-01' })).toEqual(['b', 'a'])
  expect(await ids({ status: 'Failed' })).toEqual(['d'])
  expect(await ids({ project: 'search' })).toEqual(['b'])
  expect(await ids({ source: 'other' })).toEqual([])
  await expect(ids({ start: '2026-02-03', end: '2026-02-01' })).rejects.toThrow('end must not be before start')
})

test('totals by model: tokens by bucket, cost by grade, and how much of it nobody has a price for', async () => {
  const { json } = await withCalls()
  const answer = await json<{ rows: Record<string, unknown>[]; total: object }>('/api/v1/token-usage/total')
  expect(answer.total).toEqual({
    ...{ record_count: 4, request_count: 4, failed_request_count: 1, input_tokens: 450, cached_input_tokens: 600 },
    ...{ cache_write_tokens: null, output_tokens: 213, reasoning_tokens: null, total_tokens: 1263, cost_usd: '0.75' },
    ...{ reported_cost_usd: '0.75', computed_cost_usd: '0.00', estimated_cost_usd: '0.00' },
    ...{
      cache_hit_count: 0,
      saved_usd: '0.00',
      unpriced_record_count: 1,
      unpriced_tokens: 37,
      unpriced_share: 37 / 1263,
    },
  })
  expect(answer.rows.map(({ name, kind, cost_usd, total_tokens }) => [name, kind, cost_usd, total_tokens])).toEqual([
    ['gpt-5', 'group', '0.75', 1226],
    ['llama', 'group', '0.00', 37],
  ])
})

test('totals by team, project, user, provider and day; what says none comes last', async () => {
  const { trpc } = await withCalls()
  const rows = async (groupBy: 'team' | 'project' | 'user' | 'provider' | 'day') =>
    (await trpc.tokenUsage.total.query({ groupBy })).rows.map(({ name, kind, costUsd }) => [name, kind, costUsd])
  expect(await rows('team')).toEqual([
    ...[
      ['vision', 'group', '0.50'],
      ['search', 'group', '0.25'],
      ['', 'none', '0.00'],
    ],
  ])
  expect((await trpc.tokenUsage.total.query({ groupBy: 'team' })).rows.map(({ teamId }) => teamId)).toEqual([
    ...['team_1', 'team_2', null],
  ])
  expect(await rows('project')).toEqual([
    ...[
      ['Vision', 'group', '0.50'],
      ['search', 'group', '0.25'],
      ['vision', 'group', '0.00'],
      ['', 'none', '0.00'],
    ],
  ])
  expect((await rows('user')).map(([name]) => name)).toEqual(['ada', 'bob'])
  expect((await rows('provider')).map(([name]) => name)).toEqual(['openai', 'self'])
  expect(await rows('day')).toEqual([
    ...[
      ['2026-02-01', 'group', '0.75'],
      ['2026-02-02', 'group', '0.00'],
      ['2026-02-03', 'group', '0.00'],
    ],
  ])
})

test('beyond five hundred groups the others are one row, and the rows sum to the total', async () => {
  const { send, trpc } = await startHeliox()
  const calls = Array.from({ length: 600 }, (_, at) => `2026-02-01,m${at},${at},1,0.001\n`).join('')
  await send('requests-csv', `timestamp,model,prompt_tokens,completion_tokens,cost_usd\n${calls}`)
  const { rows, total } = await trpc.tokenUsage.total.query({ groupBy: 'model' })
  expect(rows).toHaveLength(501)
  expect(rows.at(-1)).toMatchObject({ kind: 'rest', recordCount: 100, costUsd: '0.10' })
  const sum = (of: 'totalTokens' | 'recordCount') => rows.reduce((all, row) => all + (row[of] ?? 0), 0)
  expect([sum('recordCount'), sum('totalTokens')]).toEqual([total.recordCount, total.totalTokens])
  expect(total.totalTokens).toBe((599 * 600) / 2 + 600)
})

test('amounts above what a 64-bit sum of nano-dollars holds still add up', async () => {
  const { send, trpc } = await startHeliox()
  for (const id of [1, 2, 3]) {
    const rows = Array.from({ length: 8 }, (_, at) => `2026-02-01,m,${id * 10 + at},999999999.5\n`).join('')
    const sent = await send('requests-csv', `timestamp,model,prompt_tokens,cost_usd\n${rows}`)
    expect(sent.result.inserted).toBe(8)
  }
  expect((await trpc.tokenUsage.total.query({})).total.costUsd).toBe('23999999988.00')
})

test('nothing metered is nothing and not zero tokens', async () => {
  const { trpc } = await startHeliox()
  const { rows, total } = await trpc.tokenUsage.total.query({})
  expect(rows).toEqual([])
  expect(total).toMatchObject({
    recordCount: 0,
    totalTokens: null,
    inputTokens: null,
    unpricedShare: null,
    costUsd: '0.00',
  })
})

test('who sees some teams gets their calls; those of no team are the company’s', async () => {
  const heliox = await withCalls()
  const viewer = await heliox.as('viewer', ['team_2'])
  expect((await viewer.trpc.tokenUsage.list.query({})).calls.map(({ recordId }) => recordId)).toEqual(['b'])
  const { rows, total, isPartial } = await viewer.trpc.tokenUsage.total.query({ groupBy: 'user' })
  expect([rows.map(({ name }) => name), total.costUsd, isPartial]).toEqual([['bob'], '0.25', true])
  await expect(viewer.trpc.tokenUsage.total.query({ teamId: 'team_1' })).rejects.toThrow('not one of your teams')
  const nobody = await heliox.as('viewer', [])
  expect(await nobody.trpc.tokenUsage.list.query({})).toMatchObject({ calls: [], total: 0, isPartial: true })
})

test('tokens are in no cost of the ledger', async () => {
  const { json } = await withCalls()
  expect(await json('/api/v1/costs/total')).toMatchObject({ total_cost_usd: '0.00' })
})

test('a team that is removed leaves its calls under the name of their project', async () => {
  const { write, trpc } = await withCalls()
  expect((await write('DELETE', '/api/v1/teams/team_1')).status).toBe(204)
  const { calls } = await trpc.tokenUsage.list.query({})
  expect(calls.map(({ teamId, project }) => [teamId, project])).toEqual([
    ...[
      [null, 'vision'],
      [null, ''],
      ['team_2', 'search'],
      [null, 'Vision'],
    ],
  ])
})
