import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { type Day, dayOf, parseInstant } from '../db/units/time.ts'
import { demoStatus, loadDemo, removeDemo } from '../worker/ingest/demo.ts'
import { startHeliox } from '../worker/testing.ts'
import { demoCosts, demoDays, demoJobs } from './demo.ts'

const NOW = '2026-03-20T15:00:00Z'
const now = parseInstant(NOW)!

async function whole(text: AsyncIterable<string>): Promise<string> {
  let all = ''
  for await (const piece of text) all += piece
  return all
}

test('the demo is the same for everybody on a given day, and stays clear of the documented fortnight', async () => {
  expect(await whole(demoCosts(dayOf(now)))).toBe(await whole(demoCosts(dayOf(now))))
  expect(await whole(demoJobs(now))).toBe(await whole(demoJobs(now)))
  const days = demoDays('2026-03-20' as Day)
  expect(days).toHaveLength(90 - 14)
  expect(days.filter((day) => day >= '2026-01-01' && day <= '2026-01-14')).toEqual([])
  expect([days[0], days.at(-1)]).toEqual(['2025-12-21', '2026-03-20'])
})

test('the demo adds up, is marked, and goes with one call; what a customer brought stays to the row', async () => {
  const heliox = await startHeliox({ now: NOW })
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-03-10,aws,h100,1000')
  await heliox.send(
    'jobs-csv',
    'job_id,team_name,provider,gpu_type,start_time,end_time,status\nmine,vision,aws,h100,2026-03-10T00:00:00Z,2026-03-10T01:00:00Z,completed',
  )
  const facts = async () => {
    const { rows } =
      await heliox.db.$client.execute(`select (select group_concat(entry_date || effective_nano_usd) from cost_entries),
      (select group_concat(job_id) from jobs), (select group_concat(name || is_demo) from teams),
      (select group_concat(day || cost_nano_usd || held_gpu_seconds) from pool_days), (select sum(allocation_nano_usd) from job_day_shares)`)
    return Object.values(rows[0] ?? {}).slice(0, 5)
  }
  const before = await facts()
  await loadDemo(heliox.scope, [
    { format: 'cost-csv', fileName: 'demo-costs.csv', text: demoCosts(dayOf(now)) },
    { format: 'jobs-json', fileName: 'demo-jobs.json', text: demoJobs(now) },
  ])
  expect(await demoStatus(heliox.scope)).toEqual({ isLoaded: true })
  const asked = { start: '2025-12-21', end: '2026-03-20' }
  const both = await heliox.trpc.analytics.reconciliation.query({ ...asked, basis: 'usage' })
  expect(both).toMatchObject({ differenceUsd: '0.00', isProvisional: true })
  for (const part of [both.allocatedCostUsd, both.idleCostUsd, both.unmeasuredCostUsd])
    expect(Number(part)).toBeGreaterThan(1000)
  expect((await heliox.trpc.analytics.byTeam.query(asked)).rows.filter(({ kind }) => kind === 'owner')).toHaveLength(5)
  const [demo] = await heliox.db.all<{ teams: bigint }>(sql`select count(*) as teams from teams where is_demo = 1`)
  expect(demo?.teams).toBe(4n) // "vision" has a job of its own, so it is not only the demo's

  expect(await removeDemo(heliox.scope)).toEqual({ isLoaded: false })
  expect(await facts()).toEqual(before)
  expect(await removeDemo(heliox.scope)).toEqual({ isLoaded: false })
})
