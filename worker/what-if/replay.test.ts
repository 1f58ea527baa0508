import { expect, test } from 'vitest'
import type { TeamId } from '../../db/units/ids.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'
import { metered, priced } from '../unit-economics/testing.ts'

/** $240 a day for 48 GPU-hours, $5 each; vision holds 24 of them, speech 12. */
async function world() {
  const heliox = await startHeliox({ now: '2026-02-05T12:00:00Z' })
  await heliox.send(
    'cost-csv',
    'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-01,aws,h100,240,48\n2026-02-02,aws,h100,240,48',
  )
  const job = (id: string, team: string, day: number, hours: string) =>
    `${id},${team},bert,aws,h100,1,2026-02-0${day}T00:00:00Z,2026-02-0${hours}:00:00Z,completed`
  await heliox.send(
    'jobs-csv',
    [
      'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status',
      ...[
        job('a', 'vision', 1, '2T00'),
        job('b', 'vision', 2, '3T00'),
        job('c', 'speech', 1, '1T12'),
        job('d', 'speech', 2, '2T12'),
      ],
    ].join('\n'),
  )
  return heliox
}

const PATH = '/api/v1/analytics/what-if?start=2026-02-01&end=2026-02-02&basis=usage'
// biome-ignore lint/suspicious/noExplicitAny: whatever the wire says
const ask = (heliox: Pick<TestHeliox, 'json'>, more = '') => heliox.json<any>(`${PATH}${more}`)

test('another price, provider, utilisation and commitment, each in dollars', async () => {
  const heliox = await world()
  const actual = await ask(heliox)
  expect(actual.gpu).toEqual({ before_usd: '480.00', after_usd: '480.00', difference_usd: '0.00' })
  expect(actual.pools).toMatchObject([{ provider: 'aws', gpu_type: 'h100', gpu_hour_usd: '5.00', utilization: 0.75 }])
  expect((await ask(heliox, '&gpu_price=aws/h100=4')).gpu.after_usd).toBe('384.00')
  expect((await ask(heliox, '&gpu_percent=aws/*=-10')).gpu.after_usd).toBe('432.00')
  // 36 of 48 are held: at 100 % 36 are paid for.
  expect((await ask(heliox, '&utilization=aws/h100=100')).gpu.after_usd).toBe('360.00')
  // One GPU all day at half the price, the other at $5: 24 × 2.50 + 24 × 5 = 180 a day.
  expect((await ask(heliox, '&commit=aws/h100=1@50')).gpu.after_usd).toBe('360.00')
  // Three at half the price cost 180 as well: one of them is not used.
  expect((await ask(heliox, '&commit=aws/h100=3@50')).gpu.after_usd).toBe('360.00')
  const moved = await ask(heliox, '&move_to=aws/h100=lambda')
  expect(nano(moved.gpu.after_usd) < nano('480')).toBe(true)
  expect((await ask(heliox, '&move_to=aws/h100=nowhere')).not_replayed).toEqual([
    { thing: 'aws h100', missing: 'Move: no list of nowhere has h100' },
  ])
})

test('a commitment is paid on days without a bill as well', async () => {
  const heliox = await world()
  const { gpu, teams } = await heliox.json<Record<string, never>>(
    '/api/v1/analytics/what-if?start=2026-02-01&end=2026-02-03&commit=aws/h100=1@50',
  )
  expect(gpu).toMatchObject({ after_usd: '420.00' })
  expect(teams).toContainEqual(expect.objectContaining({ name: '__unallocated__', after_usd: '60.00' }))
})

test('by body and as CSV it is the same answer', async () => {
  const heliox = await world()
  const body = { start: '2026-02-01', end: '2026-02-02', basis: 'usage', gpu_price: ['aws/h100=4'] }
  const posted = await heliox.write('POST', '/api/v1/analytics/what-if', body)
  expect([posted.status, posted.body]).toEqual([200, await ask(heliox, '&gpu_price=aws/h100=4')])
  const csv = await (await heliox.fetch(`${PATH}&gpu_price=aws/h100=4`, { headers: { accept: 'text/csv' } })).text()
  expect(csv).toContain('vision,owner,team_1,240.00,192.00,-48.00')
})

test('what cannot be read is said at its field', async () => {
  const heliox = await world()
  for (const bad of ['gpu_price=h100=2', 'gpu_price=aws/h100=-2', 'utilization=aws/h100=0', 'commit=aws/h100=4']) {
    const answer = await heliox.fetch(`${PATH}&${bad}`)
    expect([bad, answer.status]).toEqual([bad, 400])
    expect(await answer.text()).toContain(`${bad.split('=')[0]}`)
  }
  expect((await heliox.fetch(`${PATH.replace('usage', 'exposure')}`)).status).toBe(400)
})

test('a team replays its own part, by GPU-hours that it held, and no pool', async () => {
  const heliox = await world()
  const vision = await heliox.as('developer', ['team_1' as TeamId])
  const own = await ask(vision, '&gpu_price=aws/h100=4')
  expect([own.is_partial, own.gpu.before_usd, own.gpu.after_usd]).toEqual([true, '240.00', '192.00'])
  expect(own.teams).toHaveLength(1)
  expect((await vision.fetch(`${PATH}&utilization=aws/h100=80`)).status).toBe(403)
  expect((await vision.fetch(`${PATH}&team_id=team_2`)).status).toBe(403)
})

test('bought tokens at another price or model; the price that they had returns what they cost', async () => {
  const heliox = await world()
  await priced(heliox, { model: 'gpt-4o', input: '2.5', output: '10' })
  await metered(heliox, {
    day: '2026-02-01',
    model: 'gpt-4o',
    teamId: 'team_1' as TeamId,
    input: 1_000_000,
    costNanoUsd: nano('2'),
  })
  // $2 were reported where the list says $2.50.
  expect((await ask(heliox)).tokens).toEqual({ before_usd: '2.00', after_usd: '2.00', difference_usd: '0.00' })
  expect((await ask(heliox, '&token_price=gpt-4o=2.5,10')).tokens.after_usd).toBe('2.00')
  expect((await ask(heliox, '&token_price=gpt-4o=5,10')).tokens.after_usd).toBe('4.00')
  expect((await ask(heliox, '&token_percent=gpt-4o=-25')).tokens.after_usd).toBe('1.50')
  const swapped = await ask(heliox, '&swap_model=gpt-4o=gpt-4o-mini')
  expect(swapped.models).toMatchObject([{ model: 'gpt-4o', team_name: 'vision', after_usd: '0.12' }])
  expect(swapped.models[0].source).toContain('as of')
  expect((await ask(heliox, '&swap_model=gpt-4o=unheard-of')).not_replayed).toHaveLength(1)
})
