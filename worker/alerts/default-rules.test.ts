import { expect, test } from 'vitest'
import { dayOf } from '../../db/units/time.ts'
import { demoCosts, demoJobs, demoUsage } from '../../seeds/demo.ts'
import { demoBill } from '../../seeds/demo-bill.ts'
import { loadDemo } from '../ingest/demo.ts'
import { tick } from '../monitoring/tick.ts'
import { startHeliox } from '../testing.ts'
import { evaluateAlerts } from './evaluate-alerts.ts'
import { alertScope } from './testing.ts'

test('on the company of a first start the rules that it begins with know what they look at, and find what is so', async () => {
  const heliox = await startHeliox({ now: '2026-03-19T10:00:00Z' })
  const { scope, now } = heliox
  await loadDemo(scope, [
    { format: 'cost-csv', fileName: 'demo-costs.csv', text: demoCosts(dayOf(now())) },
    { format: 'focus-csv', fileName: 'demo-aws-bill.csv', text: demoBill(dayOf(now())) },
    { format: 'jobs-json', fileName: 'demo-jobs.json', text: demoJobs(now()) },
    { format: 'usage-csv', fileName: 'demo-usage.csv', text: demoUsage(dayOf(now())) },
  ])
  await tick({ ...scope, now })
  await evaluateAlerts(alertScope({ ...scope, now }))
  const { rules } = await heliox.json<{ rules: { kind: string; last_error: string }[] }>('/api/v1/alerts/rules')
  expect(rules.filter(({ last_error }) => last_error !== '')).toEqual([])
  const { alerts } = await heliox.json<{ alerts: { kind: string; title: string }[] }>(
    '/api/v1/alerts?status=firing&limit=100',
  )
  expect(alerts.map(({ kind, title }) => `${kind}: ${title.replace(/\d([\d,.]*\d)?/g, 'N')}`).sort()).toEqual([
    'budget: search-ranking has spent N % of its monthly budget',
    'budget: speech has spent N % of its monthly budget',
    'idle: $N of GPUs did nothing in N days, N % of the cost',
  ])
})
