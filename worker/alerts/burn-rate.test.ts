import { asc } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { deliveries } from '../../db/schema/channels.ts'
import { startHeliox } from '../testing.ts'
import { evaluateAlerts } from './evaluate-alerts.ts'
import { alertScope, storeChannel, withoutFirstRules } from './testing.ts'

const day = (n: number) => `2026-03-${String(n).padStart(2, '0')}`
/** A bill with so many dollars on each of these days. */
const bill = (days: Record<number, number>) =>
  `date,provider,gpu_type,cost_usd\n${Object.entries(days)
    .map(([n, usd]) => `${day(Number(n))},aws,h100,${usd}`)
    .join('\n')}\n`

test('a burn-rate alert fires once, is told again after its interval, and resolves, each in its own message', async () => {
  const heliox = await startHeliox({ now: '2026-03-05T08:00:00Z' })
  await withoutFirstRules(heliox)
  const scope = alertScope(heliox.scope)
  const channel = await storeChannel(scope)
  // March has 31 days: a budget of $3,100 lasts with $100 a day.
  const made = await heliox.write('POST', '/api/v1/alerts/rules', {
    ...{
      name: 'Burn',
      kind: 'burn_rate',
      params: { budget_usd: '3100', slow_factor: 1.2, fast_factor: 1.5, fast_days: 2 },
    },
    ...{ severity: 'critical', for_minutes: 10, repeat_minutes: 120, channel_ids: [channel] },
  })
  expect(made.status).toBe(201)
  const told = async () =>
    (await heliox.db.select().from(deliveries).orderBy(asc(deliveries.id))).map((one) => {
      const { kind, incident, severity } = JSON.parse(one.message)
      return [one.messageKey, kind, incident, severity, one.status]
    })
  const round = async (at: string) => {
    heliox.moveTo(at)
    const done = await evaluateAlerts(scope)
    expect(done).not.toBeNull()
    return told()
  }
  const status = async () =>
    (await heliox.json<{ alerts: { status: string; kind: string }[] }>('/api/v1/alerts')).alerts
      .filter(({ kind }) => kind === 'burn_rate')
      .map((one) => one.status)
  // $100 a day: as fast as the budget lasts, which is 1.0 times.
  await heliox.send('cost-csv', bill({ 1: 100, 2: 100, 3: 100, 4: 100 }))
  expect(await round('2026-03-05T08:00:00Z')).toEqual([])
  expect(await status()).toEqual([])
  // The last two days at $200, 2.0 times; the month at 600/400 = 1.5 times. Today is not complete and counts for nothing.
  await heliox.send('cost-csv', bill({ 1: 100, 2: 100, 3: 200, 4: 200, 5: 0 }))
  expect(await round('2026-03-05T08:05:00Z')).toEqual([])
  expect(await status()).toEqual(['pending'])
  const fired = ['alert_1 fired 1', 'fired', 'alert_1', 'critical', 'queued']
  expect(await round('2026-03-05T08:15:00Z')).toEqual([fired])
  expect(await status()).toEqual(['firing'])
  const [message] = await heliox.db.select().from(deliveries)
  expect(JSON.parse(message?.message ?? '')).toMatchObject({
    title: 'The company burns its budget 1.5 times as fast as it lasts',
    text: '$600.00 of $3,100.00 in 2026-03-01 to 2026-03-04; the last 2 days at 2.0 times the pace.',
    href: '/explore?start=2026-03-01&end=2026-03-04',
  })
  expect(await round('2026-03-05T08:20:00Z')).toEqual([fired])
  expect(await round('2026-03-05T10:10:00Z')).toEqual([fired])
  const again = ['alert_1 again 2', 'again', 'alert_1', 'critical', 'queued']
  expect(await round('2026-03-05T10:15:00Z')).toEqual([fired, again])
  // A restart does all of it again: nothing is told twice.
  expect(await round('2026-03-05T10:15:00Z')).toEqual([fired, again])
  // Two cheap days: the month still burns 800/600·31/31 = 1.33 times, the last two days do not.
  await heliox.send('cost-csv', bill({ 1: 100, 2: 100, 3: 200, 4: 200, 5: 100, 6: 100 }))
  const resolved = ['alert_1 resolved', 'resolved', 'alert_1', 'critical', 'queued']
  expect(await round('2026-03-07T08:00:00Z')).toEqual([fired, again, resolved])
  expect(await status()).toEqual(['resolved'])
  const alert = await heliox.json<{ events: { event: string }[] }>('/api/v1/alerts/alert_1')
  expect(alert.events.map(({ event }) => event)).toEqual(['pending', 'fired', 'repeated', 'resolved'])
})

test('teams with budgets of their own are groups of one rule, told together; without a bill of the month nothing is known', async () => {
  const heliox = await startHeliox({ now: '2026-03-05T08:00:00Z' })
  await withoutFirstRules(heliox)
  const scope = alertScope(heliox.scope)
  const channel = await storeChannel(scope)
  for (const name of ['vision', 'speech', 'rich'])
    await heliox.write('POST', '/api/v1/teams', { name, budget_usd: name === 'rich' ? '100000' : '310' })
  await heliox.write('POST', '/api/v1/alerts/rules', { name: 'Burn', kind: 'burn_rate', channel_ids: [channel] })
  const rule = async () => (await heliox.json<{ last_error: string }>('/api/v1/alerts/rules/arule_1')).last_error
  await evaluateAlerts(scope)
  expect(await rule()).toBe('There is no bill yet to look at')
  // Each holds a third of the pool: a third of $90 a day, at $10 a day that the small budgets last.
  const job = (team: string) => `${team}-1,${team},m,aws,h100,1,2026-03-01T00:00:00Z,2026-03-05T00:00:00Z,completed`
  await heliox.send(
    'jobs-csv',
    `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n${['vision', 'speech', 'rich'].map(job).join('\n')}\n`,
  )
  await heliox.send('cost-csv', bill({ 1: 90, 2: 90, 3: 90, 4: 90 }))
  heliox.moveTo('2026-03-05T08:05:00Z')
  await evaluateAlerts(scope)
  expect(await rule()).toBe('')
  const rows = await heliox.db.select().from(deliveries)
  expect(rows.map(({ messageKey }) => messageKey)).toEqual(['alert_1 fired 1'])
  expect(JSON.parse(rows[0]?.message ?? '')).toMatchObject({
    title: 'Burn: 2 alerts',
    incident: 'alert_1',
    href: '/alerts?rule=arule_1',
  })
  const page = await heliox.json<{ alerts: object[] }>('/api/v1/alerts?team_id=team_1')
  expect(page).toMatchObject({
    total: 1,
    alerts: [{ team_id: 'team_1', group_key: 'team_1 2026-03', status: 'firing' }],
  })
})
