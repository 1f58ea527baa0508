import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { writeBatch } from '../../db/client.ts'
import { shareStatements } from '../analytics/share.ts'
import { usageChanged } from '../analytics/usage-changed.ts'
import { noteStatement } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { demoTokensGone, SERVING_DEMO } from './demo-tokens.ts'
import { ingestFile } from './ingest-file.ts'
import { takeBillsAway } from './store-bills.ts'

/** The source of everything made up; no file of a customer's may carry it. */
export const DEMO_SOURCE = 'demo'

export const DemoStatus = z.object({ isLoaded: z.boolean().describe('Made-up data is in the ledger') })
export type DemoStatus = z.output<typeof DemoStatus>

/** Whether made-up data is in the ledger. Whoever is signed in may know that figures are made up. */
export async function demoStatus({ db }: Scope): Promise<DemoStatus> {
  const [row] = await db.all<{ isLoaded: bigint }>(sql`select
    exists (select 1 from imports where source = ${DEMO_SOURCE}) as isLoaded`)
  return { isLoaded: row?.isLoaded === 1n }
}

/** Loads made-up files through the door that every file takes, and marks the teams that only they know. */
export async function loadDemo(
  scope: Scope,
  files: { format: string; fileName: string; text: AsyncIterable<string> }[],
) {
  allow(scope, 'demo:write')
  for (const file of files)
    await ingestFile(scope, {
      ...file,
      ...{
        source: DEMO_SOURCE,
        isDryRun: false,
        provider: '',
        currency: '',
        timeZone: '',
        part: '',
        progress: { bytesRead: 0 },
        isStrict: true,
      },
    })
  await scope.db.run(sql`update teams set is_demo = 1 where id in (select team_id from jobs where source = ${DEMO_SOURCE})
    and id not in (select team_id from jobs where source <> ${DEMO_SOURCE})`)
}

/** What the demo measured and nobody has changed since: a measurement does not say its source, but its import does. */
const MEASURED = sql`usage_snapshots where created_by in (select id from imports where source = ${DEMO_SOURCE})
  and changed_by in (select id from imports where source = ${DEMO_SOURCE})`

/** What is left of made-up bills that do not count any more. */
const OF_BILLS = sql`(select id from bills where import_id in (select id from imports where source = ${DEMO_SOURCE}))`
const BILLS_GONE = [
  sql`delete from cost_entries where bill_id in ${OF_BILLS}`,
  sql`delete from bill_days where bill_id in ${OF_BILLS}`,
  sql`delete from bill_hours where bill_id in ${OF_BILLS}`,
  sql`delete from bills where import_id in (select id from imports where source = ${DEMO_SOURCE})`,
]

/** Made-up imports that brought a bill. */
async function billImports({ db }: Scope): Promise<bigint[]> {
  const rows = await db.all<{ row: bigint }>(sql`select distinct import_id as row from bills
    where import_id in (select id from imports where source = ${DEMO_SOURCE})`)
  return rows.map(({ row }) => row)
}

/**
 * Takes all made-up data away, its bills first and the rest in one transaction, and shares the days it stood on again. Rows of other sources stay as
 * they are, as do teams that have jobs of their own by now. Idempotent.
 */
export async function removeDemo(scope: Scope): Promise<{ isLoaded: false }> {
  allow(scope, 'demo:write')
  const { db, now } = scope
  const noted = { action: 'demo.remove', targetId: '', target: 'demo data', before: { isLoaded: true } }
  const { isLoaded } = await demoStatus(scope)
  for (const row of await billImports(scope)) await takeBillsAway(db, row, now())
  await writeBatch(db, [
    ...(isLoaded ? [noteStatement(scope, { ...noted, after: { isLoaded: false } })] : []),
    sql`insert into sharing_pool_days (day, pool_id)
      select entry_date, pool_id from ledger_costs where source = ${DEMO_SOURCE}
      union select s.day, s.pool_id from job_day_shares s join jobs j on j.id = s.job_id where j.source = ${DEMO_SOURCE} or ${SERVING_DEMO}
      union select entry_date, pool_id from ${MEASURED}`,
    ...usageChanged(sql`select entry_date, pool_id from ${MEASURED}`),
    sql`delete from ${MEASURED}`,
    sql`delete from cost_entries where bill_id = 0
      and dimension_id in (select id from cost_dimensions where source = ${DEMO_SOURCE})`,
    ...BILLS_GONE,
    sql`delete from jobs where source = ${DEMO_SOURCE}`,
    ...demoTokensGone(),
    sql`delete from teams where is_demo = 1 and id not in (select team_id from jobs)
      and id not in (select team_id from team_members) and id not in (select team_id from api_keys where team_id is not null)
      and not exists (select 1 from owner_rule_sets s where instr(s.rules, '"team_' || teams.id || '\\"') > 0)
      and not exists (select 1 from owner_rules r where instr(r.owner, '"team_' || teams.id || '"') > 0)`,
    sql`update teams set is_demo = 0 where is_demo = 1`,
    sql`delete from imports where source = ${DEMO_SOURCE}`,
    ...shareStatements(sql`select day, pool_id from sharing_pool_days where true`, now()),
  ])
  return { isLoaded: false }
}
