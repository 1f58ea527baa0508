import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { removeTeam } from '../teams/remove-team.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'
import { goThroughHistory } from './go-through-history.ts'

const DAYS = { start: '2026-01-01', end: '2026-01-31' }
const HEADER =
  'BilledCost,EffectiveCost,ListCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ProviderName,SubAccountId,RegionId,ServiceName,Tags,ChargeDescription,ServiceCategory'

/** A line of a bill: what it costs, and what rules look at. */
function line(day: string, cost: string, { account = 'acc', region = 'us-east-1', service = 'EC2', tags = '' } = {}) {
  const quoted = `"${tags.replaceAll('"', '""')}"`
  return `${cost},${cost},${cost},USD,2026-01-01,${day}T00:00:00Z,Usage,aws,${account},${region},${service},${quoted},"p5.48xlarge GPU hours",Compute`
}

/** Jobs of one pool, one hour of one GPU each. */
function jobFile(jobs: readonly (readonly [id: string, team: string, more?: object])[]) {
  return JSON.stringify({
    jobs: jobs.map(([job_id, team_name, more]) => ({
      ...{ job_id, team_name, provider: 'aws', gpu_type: 'h100', status: 'completed' },
      ...{ start_time: '2026-01-05T00:00:00Z', end_time: '2026-01-05T01:00:00Z', ...more },
    })),
  })
}

async function costs({ trpc }: Pick<TestHeliox, 'trpc'>, more: object = {}) {
  const asked = { ...DAYS, ...more }
  const { rows, totalCostUsd } = await trpc.analytics.byTeam.query(asked)
  expect(rows.reduce((sum, row) => sum + nano(row.totalCostUsd), 0n)).toBe(nano(totalCostUsd))
  expect((await trpc.analytics.reconciliation.query(DAYS)).differenceUsd).toBe('0.00')
  return Object.fromEntries(rows.map((row) => [row.name, row.totalCostUsd]))
}

/** Teams ml (team_1), web (team_2) and ops (team_3); a bill of $100, $60 of it of the account "shared-1" with the tag team=web. */
async function company() {
  const heliox = await startHeliox()
  for (const name of ['ml', 'web', 'ops']) await heliox.write('POST', '/api/v1/teams', { name })
  const shared = line('2026-01-05', '60', { account: 'Shared-1', tags: '{"team":"web","cost.center":"42"}' })
  await heliox.send('focus-csv', [HEADER, line('2026-01-05', '40'), shared].join('\n'))
  await heliox.send(
    'jobs-json',
    jobFile([
      ['a', 'ml', { user_name: 'alice', job_name: 'train-a' }],
      ['b', 'web', { user_name: 'bob', job_name: 'eval-1', gpu_count: 3 }],
    ]),
  )
  const rule = async (body: object) => {
    const answer = await heliox.write('POST', '/api/v1/owner-rules', body)
    expect(answer.body).toMatchObject({ id: expect.stringMatching(/^own_/) })
    return answer.body
  }
  const apply = async () => (await heliox.write('POST', '/api/v1/owner-rules/apply')).body
  return { ...heliox, rule, apply }
}

const to = (...ids: string[]) => ({ kind: 'team', teams: ids.map((team_id) => ({ team_id })) })
const split = (kind: string, ...teams: [id: string, weight?: string][]) => ({
  ...{ kind, teams: teams.map(([team_id, weight]) => ({ team_id, ...(weight ? { weight } : {}) })) },
})

test('a rule changes nothing until it is applied; then its charges are the team’s, and jobs share the rest', async () => {
  const heliox = await company()
  expect(await costs(heliox)).toEqual({ ml: '25.00', web: '75.00' })
  await heliox.rule({ field: 'account', pattern: 'shared-*', owner: to('team_3') })
  expect(await costs(heliox)).toEqual({ ml: '25.00', web: '75.00' })
  const { body: preview } = await heliox.write('GET', '/api/v1/owner-rules/preview')
  expect(preview).toMatchObject({
    ...{ is_applied: false, rule_count: 1, pool_day_count: 1 },
    moved: { entry_count: 1, charge_usd: '60.00', job_count: 0, charges: [{ from: null, effective_usd: '60.00' }] },
    teams: [
      { name: 'ops', before_usd: '0.00', after_usd: '60.00' },
      { name: 'web', before_usd: '75.00', after_usd: '30.00' },
      { name: 'ml', before_usd: '25.00', after_usd: '10.00' },
    ],
  })
  expect(await costs(heliox)).toEqual({ ml: '25.00', web: '75.00' }) // tried out, and undone
  const applied = await heliox.apply()
  expect(applied).toMatchObject({
    is_new: true,
    set: {
      id: 'set_1',
      is_done: true,
      is_in_force: true,
      rule_count: 1,
      moved: { entry_count: 1, charge_usd: '60.00' },
    },
  })
  expect(applied.set.moved).toEqual(preview.moved)
  for (const cost of ['effective', 'billed', 'list'])
    expect(await costs(heliox, { cost })).toEqual({ ml: '10.00', web: '30.00', ops: '60.00' })
  // No capacity is known: what jobs used is unmeasured, what was assigned is known.
  expect(await costs(heliox, { basis: 'usage' })).toMatchObject({ ops: '60.00', __unmeasured__: '40.00' })
  const { rows } = await heliox.trpc.analytics.byModel.query(DAYS)
  expect(rows.find(({ kind }) => kind === 'assigned')).toMatchObject({
    name: '__assigned__',
    totalCostUsd: '60.00',
    jobCount: 0,
  })
})

test('the same rules again are no new set; notes and gaps between priorities are no other rules', async () => {
  const heliox = await company()
  const made = await heliox.rule({ field: 'account', pattern: 'shared-1', owner: to('team_3') })
  await heliox.apply()
  expect(await heliox.apply()).toMatchObject({ is_new: false, set: { id: 'set_1' } })
  await heliox.write('PUT', `/api/v1/owner-rules/${made.id}`, { note: 'agreed in May', priority: 7 })
  expect(await heliox.apply()).toMatchObject({ is_new: false })
  expect((await heliox.write('GET', '/api/v1/owner-rules')).body).toMatchObject({ is_applied: true })
  await heliox.write('PUT', `/api/v1/owner-rules/${made.id}`, { pattern: 'x' })
  expect((await heliox.write('GET', '/api/v1/owner-rules')).body).toMatchObject({ is_applied: false })
})

test('without its rules, applied, everything is as before', async () => {
  const heliox = await company()
  const before = [await costs(heliox), await costs(heliox, { basis: 'usage' })]
  const one = await heliox.rule({ field: 'tag', tag_key: 'team', pattern: 'WEB', owner: to('team_3') })
  const two = await heliox.rule({ field: 'user', pattern: 'a*', owner: to('team_2') })
  expect(await heliox.apply()).toMatchObject({
    set: {
      moved: {
        job_count: 1,
        job_usd: '25.00',
        jobs: [{ from_team: 'ml', to_team: 'web', job_count: 1, gpu_hours: '1' }],
      },
    },
  })
  expect(await costs(heliox)).toEqual({ web: '40.00', ops: '60.00' })
  for (const { id } of [one, two]) await heliox.write('DELETE', `/api/v1/owner-rules/${id}`)
  expect(await heliox.apply()).toMatchObject({ set: { id: 'set_2', rule_count: 0 } })
  expect([await costs(heliox), await costs(heliox, { basis: 'usage' })]).toEqual(before)
  const { body } = await heliox.write('GET', '/api/v1/owner-rules/history')
  expect(body.sets.map(({ id, is_in_force }: Record<string, unknown>) => [id, is_in_force])).toEqual([
    ['set_2', true],
    ['set_1', false],
  ])
  expect(body.sets[1].rules).toMatchObject([
    { field: 'tag', tag_key: 'team', pattern: 'WEB', owner: { kind: 'team', teams: [{ name: 'ops' }] } },
    { field: 'user' },
  ])
})

test.each([
  ['account', 'SHARED-?', false],
  ['account', 's*-1', true],
  ['account', '*', true],
  ['service', 'ec2', true],
  ['service', 'ec_', false],
  ['region', 'us-*-1', true],
  ['region', 'us-east', false],
  ['region', '%east%', false],
])('%s %s matches: %s', async (field, pattern, does) => {
  const heliox = await company()
  await heliox.rule({ field, pattern, owner: to('team_3') })
  await heliox.apply()
  expect('ops' in (await costs(heliox))).toBe(does)
})

test('tags are told by key and value, keys exactly and with anything in them', async () => {
  const heliox = await company()
  await heliox.rule({ field: 'tag', tag_key: 'Team', pattern: 'web', owner: to('team_1') })
  await heliox.rule({ field: 'tag', tag_key: 'cost.center', pattern: '4*', owner: to('team_3') })
  await heliox.apply()
  expect(await costs(heliox)).toMatchObject({ ops: '60.00' })
})

test('the lowest priority wins, among equal ones the older rule; the order can be changed', async () => {
  const heliox = await company()
  const first = await heliox.rule({ field: 'service', pattern: '*', owner: to('team_3'), priority: 5 })
  const second = await heliox.rule({ field: 'account', pattern: 'shared*', owner: to('team_1'), priority: 5 })
  await heliox.apply()
  expect(await costs(heliox)).toEqual({ ops: '100.00', ml: '0.00', web: '0.00' })
  const order = { ids: [second.id, first.id] }
  expect((await heliox.write('POST', '/api/v1/owner-rules/order', order)).status).toBe(200)
  await heliox.apply()
  expect(await costs(heliox)).toEqual({ ml: '60.00', ops: '40.00', web: '0.00' })
  const other = await heliox.write('POST', '/api/v1/owner-rules/order', { ids: [first.id] })
  expect([other.status, other.body.error.code]).toEqual([409, 'owner_rules.other_rules'])
})

test('splits: even, weighted and proportional parts sum to the charge, and a stray nano-dollar has its place', async () => {
  const heliox = await company()
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-01-06,gcp,a100,0.000000100')
  const made = await heliox.rule({ field: 'account', pattern: '*', owner: split('even') })
  await heliox.apply()
  const day = { start: '2026-01-06', end: '2026-01-06' }
  // 100 nano-dollars over three: 33, 67 − 33, 100 − 67.
  expect(await costs(heliox, day)).toEqual({ ml: '0.000000033', web: '0.000000034', ops: '0.000000033' })
  const owner = split('weighted', ['team_1', '0.5'], ['team_3', '1.50'])
  await heliox.write('PUT', `/api/v1/owner-rules/${made.id}`, { owner })
  await heliox.apply()
  expect(await costs(heliox, day)).toEqual({ ml: '0.000000025', ops: '0.000000075' })
  await heliox.write('PUT', `/api/v1/owner-rules/${made.id}`, { owner: split('proportional') })
  await heliox.apply()
  expect(await costs(heliox, day)).toEqual({ __unallocated__: '0.0000001' }) // nobody held a GPU that day
  expect(await costs(heliox)).toMatchObject({ ml: '25.00', web: '75.00' })
  await heliox.send(
    'jobs-json',
    jobFile([['c', 'ops', { start_time: '2026-01-06T00:00:00Z', end_time: '2026-01-06T01:00:00Z' }]]),
  )
  expect(await costs(heliox, day)).toEqual({ ops: '0.0000001' }) // of another pool, but the same day
})

test('a credit is split like a cost', async () => {
  const heliox = await company()
  await heliox.rule({ field: 'account', pattern: 'credits', owner: split('even', ['team_1'], ['team_2'], ['team_3']) })
  await heliox.apply()
  await heliox.send(
    'focus-csv',
    [HEADER.replace('SubAccountId', 'SubAccountId'), line('2026-01-09', '-10.000000001', { account: 'credits' })].join(
      '\n',
    ),
    '&part=b',
  )
  expect(await costs(heliox, { start: '2026-01-09', end: '2026-01-09' })).toEqual({
    ml: '-3.333333334',
    web: '-3.333333333',
    ops: '-3.333333334',
  })
})

test('what comes after follows the rules in force: bills, entries by hand, jobs', async () => {
  const heliox = await company()
  await heliox.rule({ field: 'account', pattern: 'shared*', owner: to('team_3') })
  await heliox.rule({ field: 'job_name', pattern: 'train-*', owner: to('team_2') })
  await heliox.apply()
  const entry = { date: '2026-01-20', provider: 'aws', gpu_type: 'h100', cost_usd: '5', account: 'Shared-7' }
  await heliox.write('POST', '/api/v1/costs', entry)
  await heliox.send('focus-csv', [HEADER, line('2026-01-21', '7', { account: 'shared-9' })].join('\n'), '&part=later')
  expect(await costs(heliox, { start: '2026-01-20', end: '2026-01-21' })).toEqual({ ops: '12.00' })
  await heliox.send('jobs-json', jobFile([['n', 'ml', { job_name: 'Train-9' }]]))
  const { body } = await heliox.write('POST', '/api/v1/jobs', {
    ...{ job_id: 'h', team_id: 'team_1', job_name: 'train-x', provider: 'aws', gpu_type: 'h100' },
  })
  expect(body).toMatchObject({ team_name: 'web', source_team_name: 'ml', job_name: 'train-x', user_name: '' })
  const { jobs } = (await heliox.write('GET', '/api/v1/jobs')).body
  expect(jobs.map((job: Record<string, unknown>) => [job.job_id, job.team_name, job.source_team_name])).toEqual([
    ['a', 'web', 'ml'],
    ['b', 'web', null],
    ['n', 'web', 'ml'],
    ['h', 'web', 'ml'],
  ])
  const renamed = await heliox.write('PUT', `/api/v1/jobs/${body.id}`, { job_name: 'other' })
  expect(renamed.body).toMatchObject({ team_name: 'ml', source_team_name: null })
})

test('a file that is sent again finds its moved jobs unchanged, and one that names another team moves what the file said', async () => {
  const heliox = await company()
  const made = await heliox.rule({ field: 'user', pattern: 'alice', owner: to('team_3') })
  await heliox.apply()
  const file = (team: string) => jobFile([['a', team, { user_name: 'alice', job_name: 'train-a' }]])
  expect((await heliox.send('jobs-json', file('ml'))).result).toMatchObject({ updated: 1, unchanged: 1 })
  expect((await heliox.send('jobs-json', file('web'))).result).toMatchObject({ updated: 1, unchanged: 0 })
  const asked = () => heliox.write('GET', '/api/v1/jobs').then(({ body }) => body.jobs[0])
  expect(await asked()).toMatchObject({ team_name: 'ops', source_team_name: 'web' })
  await heliox.write('DELETE', `/api/v1/owner-rules/${made.id}`)
  await heliox.apply()
  expect(await asked()).toMatchObject({ team_name: 'web', source_team_name: null })
})

test('who sends for their own team only puts no job on another’s account by what it is called', async () => {
  const heliox = await company()
  await heliox.rule({ field: 'user', pattern: 'carol', owner: to('team_2') })
  await heliox.rule({ field: 'job_name', pattern: 'home-*', owner: to('team_1') })
  await heliox.apply()
  const developer = await heliox.as('developer', ['team_1'])
  const jobs: [string, string, object][] = [
    ['x', 'ml', { user_name: 'Carol' }],
    ['y', 'ml', { job_name: 'home-1' }],
    ['z', 'ml', { user_name: 'dave' }],
  ]
  const sent = await developer.fetch('/api/v1/imports?format=jobs-json', { method: 'POST', body: jobFile(jobs) })
  const { result } = (await sent.json()) as { result: { inserted: number; errors: object[] } }
  expect(result).toMatchObject({
    inserted: 2,
    errors: [{ code: 'ingest.other_team', message: 'a rule gives jobs of this user or name to another team' }],
  })
  expect(JSON.stringify(result)).not.toContain('web')
  const job = { job_id: 'w', team_id: 'team_1', provider: 'aws', gpu_type: 'h100' }
  const made = await developer.write('POST', '/api/v1/jobs', { ...job, user_name: 'carol' })
  expect([made.status, made.body.error.code]).toEqual([403, 'auth.other_team'])
  const kept = await developer.write('POST', '/api/v1/jobs', job)
  expect(kept.status).toBe(201)
  expect((await developer.write('PUT', `/api/v1/jobs/${kept.body.id}`, { user_name: 'carol' })).status).toBe(403)
  // The same from who may: it is the other team's, and not there for the developer.
  await heliox.send('jobs-json', jobFile(jobs))
  const { body } = await developer.write('GET', '/api/v1/jobs')
  expect(body.jobs.map(({ job_id }: { job_id: string }) => job_id).sort()).toEqual(['a', 'w', 'y', 'z'])
})

test('the team that a file named is told to those who see it, and to nobody else', async () => {
  const heliox = await company()
  await heliox.rule({ field: 'user', pattern: 'bob', owner: to('team_1') })
  await heliox.apply()
  const read = async (caller: Pick<TestHeliox, 'write'>) => (await caller.write('GET', '/api/v1/jobs/job_2')).body
  expect(await read(heliox)).toMatchObject({ team_name: 'ml', source_team_name: 'web' })
  expect(await read(await heliox.as('viewer', ['team_1']))).toMatchObject({ team_name: 'ml', source_team_name: null })
  expect(await read(await heliox.as('viewer', ['team_1', 'team_2']))).toMatchObject({ source_team_name: 'web' })
  expect((await read(await heliox.as('viewer', ['team_2']))).error.code).toBe('jobs.no_job')
})

test('cut off after every transaction, the sums hold and the clock completes it; a newer set replaces one under way', async () => {
  const heliox = await company()
  const many = Array.from({ length: 23 }, (_, at): [string, string, object] => [
    `m${at}`,
    'ml',
    { user_name: `u${at}` },
  ])
  await heliox.send('jobs-json', jobFile(many))
  await heliox.rule({ field: 'user', pattern: 'u1*', owner: to('team_3') })
  await heliox.rule({ field: 'account', pattern: 'shared*', owner: to('team_2') })
  const rules = (await heliox.write('GET', '/api/v1/owner-rules')).body
  expect(rules).toMatchObject({ in_force: null, is_applied: false })
  await heliox.db.run(sql`insert into owner_rule_sets (applied_at_ms, applied_by, rules, moved) values (1, 'x', '[]',
    '{"jobsUpTo":0,"dimensionsUpTo":0,"charges":[],"jobs":[]}')`)
  await heliox.apply()
  await heliox.db.run(
    sql`update owner_rule_sets set is_done = 0, moved = '{"jobsUpTo":0,"dimensionsUpTo":0,"charges":[],"jobs":[]}' where id = 2`,
  )
  await heliox.db.run(
    sql`update jobs set team_id = source_team_id, source_team_id = null where source_team_id is not null`,
  )
  for (let more = true, steps = 0; more; steps += 1) {
    more = await goThroughHistory(heliox.scope, { jobsRead: 5, jobsMoved: 2, dimensions: 1, transactions: 1 })
    await costs(heliox)
    expect(steps).toBeLessThan(40)
  }
  const { sets } = (await heliox.write('GET', '/api/v1/owner-rules/history')).body
  expect(sets).toMatchObject([
    { id: 'set_2', is_done: true, is_replaced: false, moved: { job_count: 11 } }, // u1 and u10 … u19
    { id: 'set_1', is_done: true, is_replaced: true },
  ])
})

test('a team that goes takes no job along that a rule had given to it, and its charges stay in their pool', async () => {
  const heliox = await company()
  await heliox.rule({ field: 'user', pattern: 'alice', owner: to('team_3') })
  await heliox.rule({ field: 'tag', tag_key: 'team', pattern: 'web', owner: to('team_3') })
  await heliox.rule({ field: 'service', pattern: '*', owner: split('even', ['team_1'], ['team_3']) })
  await heliox.apply()
  expect(await costs(heliox)).toEqual({ ops: '80.00', ml: '20.00', web: '0.00' })
  await removeTeam(heliox.scope, { id: 'team_3', version: undefined })
  // $60 of a team that is gone: ml held 1 GPU-hour and web 3. $40 split over who is left.
  expect(await costs(heliox)).toEqual({ ml: '55.00', web: '45.00' })
  const { body } = await heliox.write('GET', '/api/v1/owner-rules')
  expect(body.rules).toMatchObject([{ field: 'service', owner: { kind: 'even', teams: [{ name: 'ml' }] } }])
  const [line] = await heliox.db.all<{ before: string }>(
    sql`select before_json as before from audit_log where action = 'teams.remove'`,
  )
  expect(JSON.parse(line?.before ?? '')).toMatchObject({ ruleIds: ['own_1', 'own_2', 'own_3'] })
  await heliox.send('jobs-json', jobFile([['new', 'ml', { user_name: 'alice' }]]))
  expect((await heliox.write('GET', '/api/v1/jobs')).body.jobs[2]).toMatchObject({ team_name: 'ml' })
  expect(await heliox.apply()).toMatchObject({ is_new: true, set: { is_done: true } })
})

test('each change is told to the audit log, with what moved', async () => {
  const heliox = await company()
  const made = await heliox.rule({ field: 'account', pattern: 'shared*', owner: to('team_3'), note: 'x' })
  await heliox.write('PUT', `/api/v1/owner-rules/${made.id}`, { note: 'y' })
  await heliox.apply()
  await heliox.write('DELETE', `/api/v1/owner-rules/${made.id}`)
  const { entries } = (await heliox.write('GET', '/api/v1/audit?action=owner_rules')).body
  expect(entries.map(({ action, target }: Record<string, string>) => [action, target])).toEqual([
    ['owner_rules.remove', 'account shared* → ops'],
    ['owner_rules.applied', 'history'],
    ['owner_rules.apply', '1 rules'],
    ['owner_rules.update', 'account shared* → ops'],
    ['owner_rules.create', 'account shared* → ops'],
  ])
  expect(entries[1].after).toMatchObject({ entry_count: 1, charge_usd: '60.00', job_count: 0 })
})

test.each([
  ['a split of jobs', { field: 'user', pattern: 'a', owner: split('even') }, 'split'],
  ['no key of a tag', { field: 'tag', pattern: 'a', owner: to('team_1') }, 'key'],
  ['a key elsewhere', { field: 'user', tag_key: 'k', pattern: 'a', owner: to('team_1') }, 'key'],
  ['a quote in the key', { field: 'tag', tag_key: 'a"b', pattern: 'a', owner: to('team_1') }, 'key'],
  ['no pattern', { field: 'user', pattern: ' ', owner: to('team_1') }, 'pattern'],
  ['two teams', { field: 'user', pattern: 'a', owner: to('team_1', 'team_2') }, 'one team'],
  ['a team twice', { field: 'account', pattern: 'a', owner: split('even', ['team_1'], ['team_1']) }, 'twice'],
  ['no weight', { field: 'account', pattern: 'a', owner: split('weighted', ['team_1']) }, 'weight'],
  ['a weight of nothing', { field: 'account', pattern: 'a', owner: split('weighted', ['team_1', '0.0']) }, 'weight'],
  ['a field of its own', { field: 'colour', pattern: 'a', owner: to('team_1') }, 'field'],
])('%s is refused in words', async (_what, body, words) => {
  const heliox = await company()
  const answer = await heliox.write('POST', '/api/v1/owner-rules', body)
  expect(answer.status).toBe(400)
  expect(JSON.stringify(answer.body)).toContain(words)
})

test('a rule for a team that is not there is refused, and so is its application', async () => {
  const heliox = await company()
  const answer = await heliox.write('POST', '/api/v1/owner-rules', { field: 'user', pattern: 'a', owner: to('team_9') })
  expect([answer.status, answer.body.error.code]).toEqual([404, 'owner_rules.no_team'])
})
