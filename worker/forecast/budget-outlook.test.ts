import { expect, test } from 'vitest'
import type { TeamId } from '../../db/units/ids.ts'
import { addDays, type Day } from '../../db/units/time.ts'
import { budgetOutlookKind } from '../alerts/kinds/budget-outlook.ts'
import type { AlertScope } from '../alerts/kinds/kind.ts'
import { createLog } from '../log.ts'
import { INSIDE, machine } from '../scope.ts'
import { startHeliox } from '../testing.ts'
import { breachOf } from './breach.ts'

const FIRST = '2026-01-11' as Day

test('the day of a breach is the first on which half of the paths are above, its interval that of those that pass', () => {
  // 40 is spent of 100: the paths pass it on days 2, 3, 4 and never; more than half are above on the fourth.
  const paths = [
    [40, 30, 1, 1],
    [30, 20, 20, 1],
    [20, 20, 10, 20],
    [1, 1, 1, 1],
  ]
  expect(breachOf(paths, 4, 40, 100, FIRST)).toEqual({
    probability: 0.75,
    day: '2026-01-14', // day 3 has two of four above, day 4 three
    earliest: '2026-01-12',
    latest: '2026-01-14',
  })
})

test('a limit that is reached to the cent is not passed', () => {
  expect(breachOf([[30, 30]], 2, 40, 100, FIRST)).toEqual({ probability: 0, day: null, earliest: null, latest: null })
})

type Outlooks = {
  // biome-ignore lint/suspicious/noExplicitAny: held against the OpenAPI document already
  outlooks: any[]
  is_partial: boolean
}

/** Two teams that hold a pool of 100 a day half each, from January 1 to February 20; it is noon of the 21st. */
async function company() {
  const heliox = await startHeliox({ now: '2026-02-21T12:00:00Z' })
  for (const [name, budget] of [
    ['ml', '1200'],
    ['nlp', '5000'],
  ] as const)
    expect((await heliox.write('POST', '/api/v1/teams', { name, budget_usd: budget })).status).toBe(201)
  const days = Array.from({ length: 51 }, (_, day) => addDays('2026-01-01' as Day, day))
  const rows = days.map((day, at) => `${day},aws,h100,${98 + (at % 5)}`)
  const file = ['date,provider,gpu_type,cost_usd', ...rows].join('\n')
  expect((await heliox.fetch('/api/v1/imports?format=cost-csv', { method: 'POST', body: file })).ok).toBe(true)
  for (const team of ['team_1', 'team_2']) {
    const job = { job_id: team, team_id: team, model_name: 'm', provider: 'aws', gpu_type: 'h100', status: 'completed' }
    const span = { start_time: '2026-01-01T00:00:00Z', end_time: '2026-02-21T00:00:00Z' }
    expect((await heliox.write('POST', '/api/v1/jobs', { ...job, ...span })).status).toBe(201)
  }
  return heliox
}

test('who will be over the budget is said before it is, with the day; who will not is not', async () => {
  const { json } = await company()
  const { outlooks } = await json<Outlooks>('/api/v1/analytics/budget-outlook')
  // 20 days of about 50 are 1,000; 28 are 1,400: above 1,200 on the 24th.
  const ml = outlooks.find(({ id }) => id === 'team_1')
  expect([ml.state, ml.month, ml.spent_through]).toEqual(['likely', '2026-02', '2026-02-20'])
  expect(Number(ml.spent_usd)).toBeCloseTo(1000, 0)
  expect(Number(ml.expected_usd)).toBeCloseTo(1400, -1)
  expect(ml.breach_probability).toBe(1)
  expect(['2026-02-24', '2026-02-25']).toContain(ml.breach_day)
  const nlp = outlooks.find(({ id }) => id === 'team_2')
  expect([nlp.state, nlp.breach_probability, nlp.breach_day]).toEqual(['unlikely', 0, null])
  const all = outlooks.find(({ kind }) => kind === 'company')
  expect([all.budget_usd, all.state]).toEqual(['6200.00', 'unlikely'])
})

test('a team sees its own budgets alone', async () => {
  const heliox = await company()
  const viewer = await heliox.as('viewer', ['team_2'])
  const { outlooks, is_partial: isPartial } = await viewer.json<Outlooks>('/api/v1/analytics/budget-outlook')
  expect([isPartial, outlooks.map(({ id }) => id)]).toEqual([true, ['team_2']])
})

test('the alert’s key carries budget and month, and a rule of another team finds nothing', async () => {
  const { db, now } = await company()
  const scope = {
    db,
    now,
    actor: machine('clock'),
    origin: INSIDE,
    log: createLog('error', {}),
  } as unknown as AlertScope
  const params = budgetOutlookKind.params.parse({})
  expect(params).toEqual({ probability: 0.8 })
  const look = (teamId: TeamId | null) => budgetOutlookKind.look(scope, { params, teamId })
  const found = await look(null)
  expect(found.map(({ groupKey }) => groupKey)).toEqual(['team:team_1:2026-02'])
  expect(found[0]?.title).toBe('ml will be over its budget of 2026-02 with 100 % probability')
  expect(await look('team_1')).toEqual(found)
  expect(await look('team_2')).toEqual([])
})
