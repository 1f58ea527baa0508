import { expect, test } from 'vitest'
import { alertRules, alerts } from '../../db/schema/alerts.ts'
import type { TeamId } from '../../db/units/ids.ts'
import { addDays, type Day, type EpochMs } from '../../db/units/time.ts'
import { startReceiver, startWithDeliveries } from '../deliveries/testing.ts'
import { nano } from '../testing.ts'
import { change, dollars } from './dollars.ts'
import { sendDigests } from './send-digests.ts'
import { dueFor, lastDayOf, windowsOf } from './windows.ts'

/** Two teams, 40 days up to Saturday 2026-01-31: $100 and more a day, which vision pays twice as much of as speech; and $10 of a pool that nobody used. */
async function world(now = '2026-02-01T12:00:00Z') {
  const heliox = await startWithDeliveries({}, now)
  for (const [name, budget] of [
    ['vision', '1000'],
    ['speech', null],
  ] as const)
    await heliox.write('POST', '/api/v1/teams', { name, ...(budget ? { budget_usd: budget } : {}) })
  const first = '2025-12-23' as Day
  const days = Array.from({ length: 40 }, (_, n) => addDays(first, n))
  await heliox.send(
    'cost-csv',
    `date,provider,gpu_type,cost_usd,gpu_hours\n${days.map((day, n) => `${day},aws,h100,${100 + n},24`).join('\n')}
2026-01-31,gcp,h100,10,24\n`,
  )
  const job = (day: Day, team: string, end: string) =>
    `${day}-${team},${team},${team}-model,aws,h100,${day}T00:00:00Z,${day}T${end}:00:00Z,completed`
  await heliox.send(
    'jobs-csv',
    `job_id,team_name,model_name,provider,gpu_type,start_time,end_time,status
${days.flatMap((day) => [job(day, 'vision', '12'), job(day, 'speech', '06')]).join('\n')}\n`,
  )
  return heliox
}

type Line = { name: string; kind: string; cost_usd: string }
type Preview = {
  start: string
  end: string
  windows: { name: string; start: string; end: string; cost_usd: string | null; previous_cost_usd: string | null }[]
  lines: Line[]
  month_to_date: { cost_usd: string; budgets: { name: string; percent: number }[] } | null
  findings: { kind: string; title: string; severity: string; href: string }[]
  is_partial: boolean
  message: { title: string; facts: { name: string; value: string }[]; text: string }
}

test('the day, and exactly 7 and 30 days that end with it, against as many before; team lines sum to the day', async () => {
  const heliox = await world()
  const seen = await heliox.json<Preview>('/api/v1/digests/preview?day=2026-01-31')
  const sum = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n).reduce((a, b) => a + b)
  expect(
    seen.windows.map(({ name, start, end, cost_usd, previous_cost_usd }) => [
      name,
      start,
      end,
      cost_usd,
      previous_cost_usd,
    ]),
  ).toEqual([
    ['day', '2026-01-31', '2026-01-31', '149.00', '138.00'],
    ['last7', '2026-01-25', '2026-01-31', `${sum(133, 7) + 10}.00`, `${sum(126, 7)}.00`],
    ['last30', '2026-01-02', '2026-01-31', `${sum(110, 30) + 10}.00`, null], // the 30 days before are not all there
  ])
  expect(seen.lines.map(({ name, kind, cost_usd }) => [name, kind, cost_usd])).toEqual([
    ['vision', 'owner', '92.666666667'],
    ['speech', 'owner', '46.333333333'],
    ['__unallocated__', 'unallocated', '10.00'],
  ])
  // January: 109 … 139, of which two thirds are vision's: 2562.67.
  expect(seen.month_to_date).toMatchObject({
    ...{ cost_usd: `${sum(109, 31) + 10}.00`, budgets: [{ name: 'vision', percent: 256.2 }] },
  })
  expect(seen.message.title).toBe('Daily digest, 31 Jan 2026: $149.00 (+8.0%)')
  expect(seen.message.facts).toContainEqual({ name: 'Unallocated', value: '$10.00' })
  expect(seen.message.facts).toContainEqual({ name: 'Budget of vision', value: '$2,562.67 of $1,000.00 (256.2%)' })
})

test('a week is Monday to Sunday, a team’s digest is its own, and lines sum in every window', async () => {
  const heliox = await world()
  const week = await heliox.json<Preview>('/api/v1/digests/preview?period=week&day=2026-01-21&team_id=team_1')
  expect([week.start, week.end]).toEqual(['2026-01-19', '2026-01-25'])
  expect(week.windows.map(({ name }) => name)).toEqual(['week', 'last30'])
  expect(week.lines).toMatchObject([{ name: 'vision-model', cost_usd: week.windows[0]?.cost_usd }])
  for (const day of ['2026-01-04', '2026-01-13', '2026-01-31'])
    for (const period of ['day', 'week']) {
      const seen = await heliox.json<Preview>(`/api/v1/digests/preview?period=${period}&day=${day}`)
      const total = seen.lines.reduce((all, { cost_usd }) => all + nano(cost_usd), 0n)
      expect([day, period, total]).toEqual([day, period, nano(seen.windows[0]?.cost_usd ?? '')])
      expect(total).toBeGreaterThan(0n)
    }
})

test('what has not been billed is unknown, not nothing', async () => {
  const heliox = await world('2026-02-03T12:00:00Z')
  const seen = await heliox.json<Preview>('/api/v1/digests/preview')
  expect(seen).toMatchObject({ start: '2026-02-02', lines: [], month_to_date: null })
  expect(seen.windows[0]).toMatchObject({ cost_usd: null, previous_cost_usd: null, is_complete: false })
  expect(seen.message.title).toBe('Daily digest, 2 Feb 2026: not billed yet')
  expect(seen.message.text).toBe('The bill ends on 31 Jan 2026: these figures are not complete.')
})

test('who sees only their teams gets them, and only their alerts are findings', async () => {
  const heliox = await world()
  const at = heliox.now()
  const rule = { name: 'r', kind: 'spend', params: '{}', severity: 'warning' as const, forMinutes: 0, repeatMinutes: 0 }
  const [made] = await heliox.db
    .insert(alertRules)
    .values({ ...rule, isEnabled: true, createdAtMs: at, changedAtMs: at })
    .returning()
  for (const [groupKey, teamId, severity] of [
    ['a', 'team_1', 'warning'],
    ['b', 'team_2', 'critical'],
    ['c', null, 'info'],
    ['closed by hand', 'team_1', 'critical'],
  ] as const)
    await heliox.db.insert(alerts).values({
      ...{ ruleId: made?.id ?? 'arule_1', groupKey, teamId, severity, status: 'firing', startedAtMs: at as EpochMs },
      resolvedAtMs: groupKey === 'closed by hand' ? at : null,
      finding: JSON.stringify({ title: `finding ${groupKey}`, text: '', href: '/alerts', facts: [] }),
    })
  const titles = async (asker: { json: typeof heliox.json }, query: string) =>
    (await asker.json<Preview>(`/api/v1/digests/preview?day=2026-01-31${query}`)).findings
      .filter(({ kind }) => kind === 'alert')
      .map(({ title }) => title)
  expect(await titles(heliox, '')).toEqual(['finding b', 'finding a', 'finding c'])
  expect(await titles(heliox, '&team_id=team_2')).toEqual(['finding b'])
  const developer = await heliox.as('developer', ['team_1' as TeamId])
  expect(await titles(developer, '')).toEqual(['finding a'])
  const own = await developer.json<Preview>('/api/v1/digests/preview?day=2026-01-31')
  expect([own.is_partial, own.lines.map(({ name }) => name)]).toEqual([true, ['vision']])
  expect((await developer.fetch('/api/v1/digests/preview?team_id=team_2')).status).toBe(403)
})

test('a day that stands out, and what could be saved, are findings of its digest; what was called planned is none', async () => {
  const heliox = await world()
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-01-31,gcp,h100,400,24\n')
  const spike = Array.from({ length: 40 }, (_, n) => addDays('2025-12-23' as Day, n))
  await heliox.send(
    'cost-csv',
    `date,provider,gpu_type,cost_usd,gpu_hours\n${spike.map((day, n) => `${day},aws,h100,${n === 39 ? 600 : 100 + n},24`).join('\n')}\n`,
  )
  const of = async (query = '', asker: { json: typeof heliox.json } = heliox) =>
    (await asker.json<Preview>(`/api/v1/digests/preview?day=2026-01-31${query}`)).findings
  const found = await of()
  expect(found.map(({ kind }) => kind)).toEqual(['anomaly', 'anomaly', 'recommendation'])
  expect(found[0]).toMatchObject({
    severity: 'warning',
    title: expect.stringMatching(/^vision spent \$400\.00 on Saturday 31 January, \$3\d\d\.\d\d more than expected/),
    href: '/anomalies?start=2026-01-31&end=2026-01-31&dimension=team',
  })
  expect(found[2]).toMatchObject({
    severity: 'info',
    title: expect.stringMatching(/: \$[\d,]+\.\d\d a month/),
    href: expect.stringMatching(/^\/recommendations\?key=[a-z-]+\.[0-9a-f]{20}$/),
  })
  const own = await of('', await heliox.as('developer', ['team_2' as TeamId]))
  expect(own.filter(({ kind }) => kind === 'anomaly').map(({ title }) => title.split(' ')[0])).toEqual(['speech'])
  const verdict = { key: 'team:team_1@2026-01-31', verdict: 'planned' }
  expect((await heliox.write('POST', '/api/v1/analytics/anomalies/verdict', verdict)).status).toBe(200)
  expect((await of()).map(({ title }) => title.split(' ')[0])).not.toContain('vision')
})

test('each digest is sent once for its period, a missed hour is caught up once, and clocks that fire at once agree', async () => {
  const heliox = await world('2026-01-20T09:00:00Z')
  const { url, received } = await startReceiver()
  await heliox.channel({ name: 'hook', kind: 'webhook', secrets: { url } })
  const body = { channel_ids: ['chan_1'], hour_utc: 8 }
  for (const period of ['day', 'week'])
    expect((await heliox.write('POST', '/api/v1/digests', { ...body, name: period, period })).status).toBe(201)
  const round = async (now: string) => {
    heliox.moveTo(now)
    const before = received.length
    await Promise.all([sendDigests(heliox.clock), sendDigests(heliox.clock)])
    await sendDigests(heliox.clock)
    await heliox.deliver()
    return received.slice(before).map(({ body: sent }) => JSON.parse(sent).title.replace(/: .*/, ''))
  }
  expect(await round('2026-01-20T09:05:00Z')).toEqual([]) // made after the hour of that day
  expect(await round('2026-01-21T07:59:00Z')).toEqual([])
  expect(await round('2026-01-21T08:00:00Z')).toEqual(['Daily digest, 20 Jan 2026'])
  expect(await round('2026-01-21T23:00:00Z')).toEqual([])
  // Nobody looked for a week.
  expect((await round('2026-01-28T10:00:00Z')).sort()).toEqual([
    'Daily digest, 27 Jan 2026',
    'Weekly digest, 19 Jan 2026 to 25 Jan 2026',
  ])
  expect(await round('2026-01-28T11:00:00Z')).toEqual([])
  expect(await heliox.json('/api/v1/digests')).toMatchObject({
    digests: [{ last_sent_for: '2026-01-27' }, { last_sent_for: '2026-01-25' }],
  })
})

test('a digest goes to channels of its team or the company’s, and to none that wake people up', async () => {
  const heliox = await world()
  const secrets = { url: 'http://127.0.0.1:1/x' }
  await heliox.channel({ name: 'company', kind: 'slack', secrets })
  await heliox.channel({ name: 'vision', kind: 'slack', secrets, team_id: 'team_1' })
  await heliox.channel({ name: 'duty', kind: 'pagerduty', secrets: { routing_key: 'a'.repeat(32) } })
  const make = (body: object, who: { write: typeof heliox.write } = heliox) =>
    who.write('POST', '/api/v1/digests', { name: 'one', period: 'day', ...body })
  expect((await make({ channel_ids: ['chan_2'] })).body.error.code).toBe('digests.other_team')
  expect((await make({ channel_ids: ['chan_3'] })).body.error.code).toBe('digests.no_digests_there')
  expect((await make({ channel_ids: ['chan_1', 'chan_2'], team_id: 'team_1' })).status).toBe(201)
  const developer = await heliox.as('developer', ['team_1' as TeamId])
  expect((await make({}, developer)).body.error.code).toBe('auth.whole_company')
  expect((await make({ team_id: 'team_1', channel_ids: ['chan_1'] }, developer)).status).toBe(404)
  const own = await developer.json('/api/v1/digests/dig_1')
  expect(own).toMatchObject({ channels: [{ id: 'chan_2' }] })
  // What they do not see stays as it is.
  expect((await developer.write('PUT', '/api/v1/digests/dig_1', { channel_ids: [] })).body.channels).toEqual([])
  expect(await heliox.json('/api/v1/digests/dig_1')).toMatchObject({ channels: [{ id: 'chan_1' }] })
})

test('periods, hours and amounts', () => {
  const at = (text: string) => Date.parse(text) as EpochMs
  expect(dueFor('day', 8, at('2026-01-21T07:59:59Z'))).toBe('2026-01-19')
  expect(dueFor('day', 8, at('2026-01-21T08:00:00Z'))).toBe('2026-01-20')
  expect(dueFor('week', 8, at('2026-01-26T07:59:59Z'))).toBe('2026-01-18') // a Monday
  expect(dueFor('week', 8, at('2026-01-26T08:00:00Z'))).toBe('2026-01-25')
  expect(dueFor('week', 0, at('2026-02-01T23:59:59Z'))).toBe('2026-01-25') // the Sunday is not over
  expect(lastDayOf('week', '2026-01-25' as Day)).toBe('2026-01-25')
  expect(windowsOf('day', '2026-03-02' as Day).map(({ window }) => window)).toEqual([
    { from: '2026-03-02', before: '2026-03-03' },
    { from: '2026-02-24', before: '2026-03-03' },
    { from: '2026-02-01', before: '2026-03-03' },
  ])
  expect([1234567890000000n, -500000000n, 1n, 0n, 999995000000n].map(dollars)).toEqual(
    ['$1,234,567.89', '-$0.50', '<$0.01', '$0.00', '$1,000.00'], // half a cent goes to the even one
  )
  expect([change(110n, 100n), change(75n, 100n), change(1n, 0n), change(1n, null), change(5n, 5n)]).toEqual([
    '+10.0%',
    '-25.0%',
    null,
    null,
    '±0.0%',
  ])
})
