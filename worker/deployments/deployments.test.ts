import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

const BODY = { model: 'llama', provider: 'AWS', gpu_type: 'H100', gpu_count: 2, starts_at: '2026-02-01T00:00:00Z' }
const DAYS = 'start=2026-02-01&end=2026-02-03'

async function withPool() {
  const heliox = await startHeliox({ now: '2026-02-10T12:00:00Z' })
  await heliox.send(
    'cost-csv',
    'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-01,aws,h100,96,96\n2026-02-02,aws,h100,96,96\n',
  )
  await heliox.write('POST', '/api/v1/teams', { name: 'vision' })
  const { body } = await heliox.write('POST', '/api/v1/deployments', { ...BODY, ends_at: '2026-02-02T00:00:00Z' })
  const reconciliation = (query = '') =>
    heliox.json<Record<string, string>>(`/api/v1/analytics/reconciliation?${DAYS}${query}`)
  return { heliox, made: body, reconciliation }
}

test('a deployment holds its GPUs like a job, and serving has a line of its own in the bill', async () => {
  const { heliox, made, reconciliation } = await withPool()
  expect(made).toMatchObject({ id: 'dep_1', provider: 'aws', gpu_type: 'h100', gpu_count: 2, state: 'ended' })
  // 2 GPUs for a day are 48 of 96 GPU-hours of the first day; nobody held the second.
  expect(await reconciliation('&basis=usage')).toMatchObject({
    ...{ billed_cost_usd: '192.00', serving_cost_usd: '48.00', allocated_cost_usd: '0.00', idle_cost_usd: '144.00' },
    difference_usd: '0.00',
  })
  await heliox.write('POST', '/api/v1/jobs', {
    ...{ job_id: 'a', team_id: 'team_1', provider: 'aws', gpu_type: 'h100', gpu_count: 1 },
    ...{ start_time: '2026-02-01T00:00:00Z', end_time: '2026-02-02T00:00:00Z' },
  })
  expect(await reconciliation()).toMatchObject({
    ...{ billed_cost_usd: '192.00', serving_cost_usd: '64.00', allocated_cost_usd: '32.00' },
    ...{ unallocated_cost_usd: '96.00', other_owners_cost_usd: '0.00', difference_usd: '0.00' },
  })
  expect(await reconciliation('&model_name=llama')).toMatchObject({
    ...{ serving_cost_usd: '64.00', allocated_cost_usd: '0.00', other_owners_cost_usd: '32.00' },
    difference_usd: '0.00',
  })
})

test('to end it later, to change its pool and to take it away move its cost', async () => {
  const { heliox, reconciliation } = await withPool()
  const longer = await heliox.write('PUT', '/api/v1/deployments/dep_1', { ends_at: '2026-02-03T00:00:00Z' })
  expect([longer.status, longer.body.ends_at]).toEqual([200, '2026-02-03T00:00:00.000Z'])
  expect((await reconciliation()).serving_cost_usd).toBe('192.00')
  await heliox.write('PUT', '/api/v1/deployments/dep_1', { gpu_type: 'a100' })
  expect(await reconciliation()).toMatchObject({ serving_cost_usd: '0.00', uncosted_gpu_hours: '96' })
  expect((await heliox.write('DELETE', '/api/v1/deployments/dep_1')).status).toBe(204)
  expect(await reconciliation()).toMatchObject({ serving_cost_usd: '0.00', uncosted_gpu_hours: '0' })
  expect((await heliox.fetch('/api/v1/deployments/dep_1')).status).toBe(404)
})

test('one that is open counts up to now, and one whose end comes is ended by the clock at that instant', async () => {
  const { heliox } = await withPool()
  const open = await heliox.trpc.deployments.create.mutate({
    ...{
      model: 'qwen',
      provider: 'aws',
      gpuType: 'h100',
      startsAt: '2026-02-10T00:00:00Z',
      endsAt: '2026-02-10T14:00:00Z',
    },
  })
  expect(open.state).toBe('serving')
  const held = async () =>
    (await heliox.json<{ jobs: Record<string, string>[] }>('/api/v1/jobs?model_name=qwen')).jobs.map((one) => [
      ...[one.source, one.job_id, one.status, one.gpu_hours],
    ])
  expect(await held()).toEqual([['deployment', open.id, 'running', '12']])
  heliox.moveTo('2026-02-10T18:00:00Z')
  const { tick } = await import('../monitoring/tick.ts')
  await tick(heliox.scope)
  expect(await held()).toEqual([['deployment', open.id, 'completed', '14']])
  const listed = await heliox.trpc.deployments.list.query({ open: 'false' })
  expect(listed.deployments.map(({ model, state }) => [model, state])).toEqual([
    ['qwen', 'ended'],
    ['llama', 'ended'],
  ])
})

test('its job and its team are not for hands: neither is changed, named or removed', async () => {
  const { heliox } = await withPool()
  const job = { model_name: 'other' }
  expect((await heliox.write('PUT', '/api/v1/jobs/job_1', job)).body.error.code).toBe('jobs.is_deployment')
  expect((await heliox.write('DELETE', '/api/v1/jobs/job_1')).status).toBe(409)
  const made = { job_id: 'b', provider: 'aws', gpu_type: 'h100' }
  const by = async (more: object) => (await heliox.write('POST', '/api/v1/jobs', { ...made, ...more })).body.error.code
  expect(await by({ team_id: 'team_1', source: 'deployment' })).toBe('ingest.reserved_source')
  expect(await by({ team_id: 'team_2' })).toBe('teams.of_heliox')
  expect((await heliox.write('DELETE', '/api/v1/teams/team_2')).body.error.code).toBe('teams.of_heliox')
  expect((await heliox.write('PUT', '/api/v1/teams/team_2', { description: 'x' })).status).toBe(400)
  expect((await heliox.send('jobs-csv', 'job_id,team_name\n', '&source=deployment')).httpStatus).toBe(400)
})

test('an end before the start, no GPU and a model of Heliox are refused by name', async () => {
  const { heliox } = await withPool()
  const post = async (more: object) => (await heliox.write('POST', '/api/v1/deployments', { ...BODY, ...more })).body
  expect((await post({ ends_at: '2026-02-01T00:00:00Z' })).error.code).toBe('deployments.end_before_start')
  expect((await post({ gpu_count: 0 })).error.details[0]).toContain('gpu_count')
  expect((await post({ model: '__idle__' })).error.details[0]).toContain('model')
  const viewer = await heliox.as('developer', ['team_1'])
  expect((await viewer.write('POST', '/api/v1/deployments', BODY)).status).toBe(403)
  expect((await viewer.json<{ total: number }>('/api/v1/deployments')).total).toBe(1)
})
