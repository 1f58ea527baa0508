import { sql } from 'drizzle-orm'
import { dayOf } from '../../db/units/time.ts'
import { demoCosts, demoJobs, demoUsage } from '../../seeds/demo.ts'
import { demoBill } from '../../seeds/demo-bill.ts'
import { demoTokenUsage } from '../../seeds/demo-tokens.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { DEMO_SOURCE, type DemoStatus, demoStatus, loadDemo } from './demo.ts'
import { loadDemoTokens } from './demo-tokens.ts'

/** The made-up company as it is now: its files through the door of every file, then its calls of models. */
export async function fillDemo(scope: Scope): Promise<void> {
  const atMs = scope.now()
  const today = dayOf(atMs)
  await loadDemo(scope, [
    { format: 'cost-csv', fileName: 'demo-costs.csv', text: demoCosts(today, atMs) },
    { format: 'focus-csv', fileName: 'demo-aws-bill.csv', text: demoBill(today, atMs) },
    { format: 'jobs-json', fileName: 'demo-jobs.json', text: demoJobs(atMs) },
    { format: 'usage-csv', fileName: 'demo-usage.csv', text: demoUsage(today) },
    { format: 'requests-csv', fileName: 'demo-batch-tokens.csv', text: demoTokenUsage(today) },
  ])
  await loadDemoTokens(scope)
}

/**
 * Loads the made-up company of the last 90 days into an empty ledger: its bills, jobs, measured usage and tokens, five
 * imports that the history shows as they come, and calls of models by keys that nobody holds. Where it is loaded already nothing happens. What is real never stands beside it.
 *
 * @throws HelioxError forbidden `auth.role`; conflict `demo.not_empty` where somebody has imported already
 */
export async function loadDemoNow(scope: Scope): Promise<DemoStatus> {
  allow(scope, 'demo:write')
  const { db } = scope
  if ((await demoStatus(scope)).isLoaded) return { isLoaded: true }
  const [row] = await db.all<{ isUsed: bigint }>(
    sql`select exists (select 1 from ledger_costs where source <> ${DEMO_SOURCE})
      or exists (select 1 from jobs where source <> ${DEMO_SOURCE}) as isUsed`,
  )
  if (row?.isUsed === 1n)
    throw new HelioxError(
      'conflict',
      'demo.not_empty',
      'There are real costs or jobs: made-up ones would mix with them',
    )
  await fillDemo(scope)
  const noted = { action: 'demo.load', targetId: '', target: 'demo data' }
  await note(db, scope, { ...noted, before: { isLoaded: false }, after: { isLoaded: true } })
  return { isLoaded: true }
}
