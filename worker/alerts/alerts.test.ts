import { asc, eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { alertEvents, alertRules, alerts } from '../../db/schema/alerts.ts'
import { backendHealth } from '../../db/schema/backends.ts'
import { deliveries } from '../../db/schema/channels.ts'
import type { BackendId, TeamId } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { startHeliox } from '../testing.ts'
import { evaluateAlerts, settle } from './evaluate-alerts.ts'
import { forgetAlerts } from './forget-alerts.ts'
import { alertScope, storeChannel } from './testing.ts'

/** A company with a backend, whose health the test says, and a rule that watches it. */
async function world(hasDefaults = false) {
  const heliox = await startHeliox()
  if (!hasDefaults)
    await heliox.db.run(
      sql`insert into company_settings (name, value, changed_at_ms) values ('alerts.default_rules', '{}', 1)`,
    )
  const scope = alertScope(heliox.scope)
  const channel = await storeChannel(scope)
  const backend = {
    name: 'vllm',
    kind: 'openai-compatible',
    base_url: 'http://127.0.0.1:1/v1',
    models: [{ model: 'm' }],
  }
  const { body } = await heliox.write('POST', '/api/v1/gateway/backends', backend)
  const made = await heliox.write('POST', '/api/v1/alerts/rules', {
    ...{
      name: 'Down',
      kind: 'backend_down',
      severity: 'critical',
      repeat_minutes: 60,
      channel_ids: [channel],
    },
  })
  expect(made.status).toBe(201)
  let minutes = 0
  /** So many minutes later the backend is well or not, and the clock comes. */
  const after = async (more: number, isWell: boolean) => {
    minutes += more
    heliox.moveTo(new Date(Date.UTC(2026, 2, 1, 12, minutes)).toISOString())
    const seen = { isWell, message: isWell ? '' : 'no answer', latencyMs: 1, checkedAtMs: heliox.now() }
    await heliox.db
      .insert(backendHealth)
      .values({ backendId: body.id as BackendId, ...seen })
      .onConflictDoUpdate({ target: backendHealth.backendId, set: seen })
    await evaluateAlerts(scope)
    return told()
  }
  const told = async () =>
    (await heliox.db.select().from(deliveries).orderBy(asc(deliveries.id))).map(({ messageKey }) => messageKey)
  const post = (path: string, fields: object = {}) => heliox.write('POST', `/api/v1/alerts/${path}`, fields)
  return { heliox, scope, channel, after, post, rule: made.body }
}

test('an acknowledged alert is not told again, and that it is over is', async () => {
  const { heliox, after, post } = await world()
  expect(await after(0, false)).toEqual(['alert_1 fired 1'])
  const seen = await post('alert_1/acknowledge', { note: 'on it' })
  expect(seen.body).toMatchObject({ acknowledged_by: 'admin key', status: 'firing' })
  expect(seen.body.events.at(-1)).toMatchObject({ event: 'acknowledged', note: 'on it' })
  expect(await after(120, false)).toEqual(['alert_1 fired 1'])
  expect((await post('alert_1/acknowledge', { note: 'still on it' })).body.events.at(-1)).toMatchObject({
    event: 'commented',
  })
  expect(await after(1, true)).toEqual(['alert_1 fired 1', 'alert_1 resolved'])
  expect(await post('alert_1/acknowledge')).toMatchObject({ status: 409, body: { error: { code: 'alerts.is_over' } } })
  const audit = await heliox.json<{ entries: { action: string }[] }>('/api/v1/audit?action=alerts.acknowledge')
  expect(audit.entries).toHaveLength(2)
})

test('above 1 % of failed calls for two minutes fires once and resolves, seen by a clock that comes each minute', async () => {
  const { heliox, scope, channel } = await world()
  const rule = {
    name: 'HighErrorRate',
    kind: 'error_ratio',
    params: { minutes: 1 },
    for_minutes: 2,
    channel_ids: [channel],
  }
  expect((await heliox.write('POST', '/api/v1/alerts/rules', rule)).status).toBe(201)
  /** A minute of 50 calls, of which so many failed; then the clock comes. */
  const minute = async (n: number, failed: number) => {
    heliox.moveTo(new Date(Date.UTC(2026, 2, 1, 12, n)).toISOString())
    await heliox.db.run(sql`insert into requests (id, started_at_ms, day, endpoint, model_asked, model, is_stream, status,
        http_status, cost_nano_usd, cost_grade)
      select ${`req_${n}_`} || key, ${BigInt(heliox.now() - 1_000)}, '2026-03-01', 'chat.completions', 'm', 'm', 0,
        iif(key < ${BigInt(failed)}, 'failed', 'completed'), iif(key < ${BigInt(failed)}, 502, 200), 0, 'computed'
      from json_each(${JSON.stringify(Array(50).fill(0))})`)
    await evaluateAlerts(scope)
    return (await heliox.db.select().from(deliveries)).map(({ messageKey }) => messageKey)
  }
  expect(await minute(1, 0)).toEqual([])
  expect(await minute(2, 1)).toEqual([]) // 2 %
  expect(await minute(3, 1)).toEqual([])
  expect(await minute(4, 1)).toEqual(['alert_1 fired 1'])
  expect(await minute(5, 1)).toEqual(['alert_1 fired 1'])
  expect(await minute(6, 0)).toEqual(['alert_1 fired 1', 'alert_1 resolved'])
})

test('a rule says how many of its own alerts fire', async () => {
  const { heliox, after, post } = await world()
  await heliox.write('POST', '/api/v1/alerts/rules', { name: 'Late', kind: 'ingest_stale' })
  await after(0, false)
  const counts = async () =>
    (await heliox.json<{ rules: { name: string; firing_count: number }[] }>('/api/v1/alerts/rules')).rules.map(
      ({ name, firing_count }) => [name, firing_count],
    )
  expect(await counts()).toEqual([
    ['Down', 1],
    ['Late', 0],
  ])
  await post('alert_1/resolve')
  expect(await counts()).toEqual([
    ['Down', 0],
    ['Late', 0],
  ])
})

test('one that is closed by hand comes back only after its condition has ended', async () => {
  const { heliox, after, post } = await world()
  await after(0, false)
  expect((await post('alert_1/resolve', { note: 'known' })).body).toMatchObject({ status: 'resolved' })
  expect(await after(90, false)).toEqual(['alert_1 fired 1', 'alert_1 resolved'])
  expect(await heliox.json('/api/v1/alerts?status=firing')).toMatchObject({ total: 0 })
  expect(await heliox.json('/api/v1/alerts?status=resolved')).toMatchObject({ total: 1 })
  expect((await post('alert_1/resolve')).status).toBe(409)
  await after(1, true)
  expect(await after(1, false)).toEqual(['alert_1 fired 1', 'alert_1 resolved', 'alert_2 fired 1'])
})

test('in a silence nothing new is told; what still fires is told after it, and what was told is told as over in it', async () => {
  const { heliox, after, post } = await world()
  const silence = await post('silences', { rule_id: 'arule_1', minutes: 60, reason: 'upgrade' })
  expect(silence).toMatchObject({
    status: 201,
    body: { id: 'asil_1', rule_name: 'Down', ends_at: '2026-03-01T13:00:00.000Z' },
  })
  expect(await after(0, false)).toEqual([])
  expect(await heliox.json('/api/v1/alerts')).toMatchObject({
    alerts: [{ status: 'firing', told_at: null, silence_ends_at: '2026-03-01T13:00:00.000Z' }],
  })
  expect(await after(59, false)).toEqual([])
  expect(await after(1, false)).toEqual(['alert_1 fired 1'])
  expect((await post('silences', { alert_id: 'alert_1', minutes: 60 })).body).toMatchObject({ group_key: 'bknd_1' })
  expect(await after(60, true)).toEqual(['alert_1 fired 1', 'alert_1 resolved'])
  const gone = await heliox.write('DELETE', '/api/v1/alerts/silences/asil_1')
  expect(gone.status).toBe(204)
})

test('a rule that is switched off or removed lets go of its alerts, and says so where they were told', async () => {
  const { heliox, after } = await world()
  await after(0, false)
  const off = await heliox.write('PUT', '/api/v1/alerts/rules/arule_1', { is_enabled: false })
  expect(off.body).toMatchObject({ is_enabled: false, firing_count: 0 })
  expect(await after(5, false)).toEqual(['alert_1 fired 1', 'alert_1 resolved'])
  await heliox.write('PUT', '/api/v1/alerts/rules/arule_1', { is_enabled: true })
  expect(await after(1, false)).toEqual(['alert_1 fired 1', 'alert_1 resolved', 'alert_2 fired 1'])
  expect((await heliox.write('DELETE', '/api/v1/alerts/rules/arule_1')).status).toBe(204)
  expect((await after(1, false)).at(-1)).toBe('alert_2 resolved')
  expect(await heliox.db.select().from(alerts)).toEqual([])
})

test('a rule whose look fails keeps its alerts and says why, and one that has changed is not settled by an older look', async () => {
  const { heliox, scope, after } = await world()
  await after(0, false)
  await heliox.db.run(sql`alter table backend_health rename to away`)
  heliox.moveTo('2026-03-01T12:01:00Z')
  const quiet = { ...scope, log: { ...scope.log, error: () => undefined } }
  expect(await evaluateAlerts(quiet)).toMatchObject({ failed: 1, told: 0 })
  await heliox.db.run(sql`alter table away rename to backend_health`)
  expect(await heliox.json('/api/v1/alerts/rules/arule_1')).toMatchObject({
    ...{ last_error: 'The look failed: see the log', firing_count: 1, last_looked_at: '2026-03-01T12:00:00.000Z' },
  })
  const [old] = await heliox.db.select().from(alertRules).where(eq(alertRules.id, 'arule_1'))
  await heliox.write('PUT', '/api/v1/alerts/rules/arule_1', { repeat_minutes: 30 })
  if (!old) throw new Error('no rule')
  await settle(scope, old, [], heliox.now())
  expect(await heliox.json('/api/v1/alerts?status=firing')).toMatchObject({ total: 1 })
  await after(2, true)
  expect(await heliox.json('/api/v1/alerts/rules/arule_1')).toMatchObject({ last_error: '', firing_count: 0 })
})

test('of two rounds at once one works, and each minute looks only at what is due', async () => {
  const { heliox, scope } = await world(true)
  const rounds = await Promise.all([evaluateAlerts(scope), evaluateAlerts(scope), evaluateAlerts(scope)])
  expect(rounds.filter((one) => (one?.looked ?? 0) > 0)).toHaveLength(1)
  heliox.moveTo('2026-03-01T12:01:00Z')
  // The company's own rule and the one it began with look at backends; idle cost is not known without a bill, and is asked
  // again; the others wait.
  expect(await evaluateAlerts(scope)).toMatchObject({ looked: 3 })
  heliox.moveTo('2026-03-01T12:05:00Z')
  expect(await evaluateAlerts(scope)).toMatchObject({ looked: 6 })
})

test('every installation begins with seven rules without a channel, once', async () => {
  const heliox = await startHeliox()
  const scope = alertScope(heliox.scope)
  await Promise.all([evaluateAlerts(scope), evaluateAlerts(scope)])
  const rules = async () =>
    (
      await heliox.json<{ rules: { id: string; kind: string; channels: []; last_error: string }[] }>(
        '/api/v1/alerts/rules',
      )
    ).rules
  expect((await rules()).map(({ kind }) => kind).sort()).toEqual([
    ...['backend_down', 'budget', 'burn_rate', 'idle', 'ingest_stale', 'reconciliation', 'unpriced_tokens'],
  ])
  expect((await rules()).every((one) => one.channels.length === 0)).toBe(true)
  expect((await rules()).filter((one) => one.last_error !== '').map(({ kind }) => kind)).toEqual(['idle']) // no bill yet
  for (const { id } of await rules()) await heliox.write('DELETE', `/api/v1/alerts/rules/${id}`)
  heliox.moveTo('2026-03-02T12:00:00Z')
  await evaluateAlerts(scope)
  expect(await rules()).toEqual([])
})

test('people make rules for their own teams, see their alerts, and neither the company’s rules nor other teams’', async () => {
  const heliox = await startHeliox()
  const scope = alertScope(heliox.scope)
  for (const name of ['vision', 'speech']) await heliox.write('POST', '/api/v1/teams', { name, budget_usd: '10' })
  const [company, own, other] = [
    await storeChannel(scope),
    await storeChannel(scope, 'team_1'),
    await storeChannel(scope, 'team_2'),
  ]
  const developer = await heliox.as('developer', ['team_1' as TeamId])
  const viewer = await heliox.as('viewer', ['team_1' as TeamId])
  const body = { name: 'Ours', kind: 'spend', params: { above_usd: 5 }, team_id: 'team_1' }
  const make = (fields: object, as: Pick<typeof developer, 'write'> = developer) =>
    as.write('POST', '/api/v1/alerts/rules', { ...body, ...fields })
  expect((await make({ channel_ids: [own] })).body).toMatchObject({
    channels: [{ id: own }],
    params: { above_usd: '5' },
  })
  expect((await make({}, viewer)).status).toBe(403)
  expect((await make({ team_id: null })).body.error.code).toBe('auth.whole_company')
  expect((await make({ team_id: 'team_2' })).body.error.code).toBe('auth.other_team')
  for (const channel of [company, other])
    expect((await make({ channel_ids: [channel] })).body.error.code).toBe('alerts.no_channel')
  expect((await make({ channel_ids: [company] }, heliox)).status).toBe(201)
  expect((await make({ channel_ids: [other] }, heliox)).status).toBe(400)
  // What an administrator gave it stays, though its people do not see it.
  expect(await developer.json('/api/v1/alerts/rules/arule_2')).toMatchObject({ channels: [] })
  expect((await developer.write('PUT', '/api/v1/alerts/rules/arule_2', { channel_ids: [own] })).status).toBe(200)
  expect(await heliox.json('/api/v1/alerts/rules/arule_2')).toMatchObject({ channels: [{ id: company }, { id: own }] })
  await make({ kind: 'budget', team_id: null, params: {} }, heliox)
  expect(await developer.json('/api/v1/alerts/rules')).toMatchObject({ total: 2, is_partial: true })
  expect((await developer.fetch('/api/v1/alerts/rules/arule_3')).status).toBe(404)
  expect((await developer.write('POST', '/api/v1/alerts/rules/arule_3/try')).status).toBe(404)
  await heliox.db.run(sql`update alert_rules set changed_at_ms = changed_at_ms`)
  const jobs = ['vision', 'speech'].map(
    (team) => `${team},${team},m,aws,h100,1,2026-03-01T00:00:00Z,2026-03-01T10:00:00Z,completed`,
  )
  await heliox.send(
    'jobs-csv',
    `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n${jobs.join('\n')}\n`,
  )
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-03-01,aws,h100,20\n')
  await evaluateAlerts(scope)
  // 100 % of both budgets, in three marks each; by the company's rule.
  expect(await heliox.json('/api/v1/alerts?rule_id=arule_3')).toMatchObject({ total: 6 })
  const seen = await developer.json<{ alerts: { id: string; team_id: string }[] }>('/api/v1/alerts?rule_id=arule_3')
  expect(seen.alerts.map(({ team_id }) => team_id)).toEqual(['team_1', 'team_1', 'team_1'])
  const [mine] = seen.alerts
  expect((await developer.write('POST', `/api/v1/alerts/${mine?.id}/acknowledge`)).status).toBe(200)
  expect(
    (await developer.write('POST', '/api/v1/alerts/silences', { alert_id: mine?.id, minutes: 60 })).body,
  ).toMatchObject({ team_id: 'team_1' })
  expect((await developer.write('POST', '/api/v1/alerts/silences', { minutes: 60 })).status).toBe(403)
  expect((await developer.fetch('/api/v1/alerts?team_id=team_2')).status).toBe(403)
})

test('what makes no sense is refused, and says which field', async () => {
  const heliox = await startHeliox()
  const make = (fields: object) =>
    heliox.write('POST', '/api/v1/alerts/rules', { name: 'r', kind: 'spend', params: { above_usd: '5' }, ...fields })
  const wrong: [object, RegExp][] = [
    [{ params: {} }, /params -> above_usd: /],
    [{ params: { above_usd: '-5' } }, /params -> above_usd: must be an amount above 0/],
    [{ params: { above_usd: '5', window: 0 } }, /params -> window: must be at least 1/],
    [{ params: { above_usd: '5', windows: 1 } }, /params -> windows: there is no such field; known: of, window/],
    [{ params: { above_usd: '5', unit: 'hours' } }, /params -> unit: The ledger is told by days/],
    [{ kind: 'nothing' }, /kind: must be one of spend/],
    [{ kind: 'latency', params: { above_ms: 'slow' } }, /params -> above_ms/],
    [{ repeat_minutes: 4 }, /repeat_minutes: must be 0 or at least 5/],
    [{ name: '' }, /name: is missing/],
  ]
  for (const [fields, words] of wrong) {
    const { status, body } = await make(fields)
    expect([fields, status]).toEqual([fields, 400])
    expect(body.error.details.join('\n')).toMatch(words)
  }
  await heliox.write('POST', '/api/v1/teams', { name: 'a' })
  expect((await make({ kind: 'reconciliation', params: {}, team_id: 'team_1' })).body.error.code).toBe('alerts.kind_of')
})

test('a try says what a rule would find, writes nothing and tells nobody', async () => {
  const { heliox, scope, after, post } = await world()
  await after(0, true)
  await heliox.db.update(backendHealth).set({ isWell: false, message: 'no answer' })
  const tried = await post('rules/arule_1/try')
  expect(tried.body).toMatchObject({
    is_known: true,
    message: 'It finds one condition now',
    findings: [{ title: 'Backend vllm is down' }],
  })
  expect([await heliox.db.select().from(alerts), await heliox.db.select().from(deliveries)]).toEqual([[], []])
  await heliox.write('POST', '/api/v1/alerts/rules', { name: 's', kind: 'spend', params: { above_usd: '1' } })
  const { body } = await heliox.write('POST', '/api/v1/alerts/rules/arule_2/try')
  expect(body).toEqual({ is_known: false, message: 'There is no bill yet to look at', findings: [] })
  expect(scope.meter).toBeNull()
})

test('alerts that ended more than 400 days ago are forgotten with their history, a batch at a time', async () => {
  const { heliox, scope } = await world()
  const old = (heliox.now() - 401 * 86_400_000) as EpochMs
  const row = { ruleId: 'arule_1', teamId: null, severity: 'info', finding: '{}', startedAtMs: old } as const
  const many = Array.from(
    { length: 250 },
    (_, n) => ({ ...row, groupKey: `${n}`, status: 'resolved', resolvedAtMs: old }) as const,
  )
  await heliox.db
    .insert(alerts)
    .values([
      ...many,
      { ...row, groupKey: 'long', status: 'resolved', resolvedAtMs: heliox.now() },
      { ...row, groupKey: 'open', status: 'firing' },
    ])
  await heliox.db.insert(alertEvents).values({ alertId: 'alert_1', event: 'fired', byLabel: 'x', atMs: old })
  expect([await forgetAlerts(scope), await forgetAlerts(scope), await forgetAlerts(scope)]).toEqual([200, 50, 0])
  expect((await heliox.db.select().from(alerts)).map(({ groupKey }) => groupKey)).toEqual(['long', 'open'])
  expect(await heliox.db.select().from(alertEvents)).toEqual([])
})

test('a round reads open alerts, silences and history along indexes, however much history there is', async () => {
  const { heliox, scope } = await world()
  await evaluateAlerts(scope)
  const plan = async (text: ReturnType<typeof sql>) =>
    (await heliox.db.all<{ detail: string }>(text)).map(({ detail }) => detail).join('\n')
  expect(
    await plan(sql`explain query plan select * from alerts where rule_id = 1 and status <> 'resolved' order by id`),
  ).toMatch(/SEARCH alerts USING INDEX alerts_open_uq \(rule_id=\?\)/)
  expect(
    await plan(sql`explain query plan select * from alert_silences where ends_at_ms > 5 and starts_at_ms <= 5`),
  ).toMatch(/SEARCH alert_silences USING INDEX alert_silences_ends_idx/)
  expect(
    await plan(
      sql`explain query plan select id from alerts where status = 'resolved' and started_at_ms < 5 and resolved_at_ms < 5 order by started_at_ms limit 200`,
    ),
  ).toMatch(/SEARCH alerts USING INDEX alerts_status_idx \(status=\? AND started_at_ms<\?\)/)
  expect(
    await plan(sql`explain query plan select * from alert_events where alert_id = 1 order by id desc limit 200`),
  ).toMatch(/SEARCH alert_events USING INDEX alert_events_alert_idx/)
  for (const column of ['', 'and team_id = 1'])
    expect(
      await plan(
        sql.raw(
          `explain query plan select status from requests where started_at_ms > 5 and started_at_ms <= 9 ${column} order by started_at_ms desc limit 50000`,
        ),
      ),
    ).toMatch(/SEARCH requests USING INDEX requests_(started|team)_idx/)
})
