import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'
import { NAMES } from './dimensions.ts'
import { EXPLORER_FIELDS, explore } from './explore.ts'
import { reconciliation } from './reconciliation.ts'
import { questionWith } from './window.ts'

/** Statements that a page or an import runs, and the table that each may not walk from end to end. */
const WINDOW = `s.day >= '2026-01-01' and s.day < '2026-01-15'`
const PLANS: [what: string, sql: string, neverScans: RegExp][] = [
  ['shares of a window', `select sum(s.allocation_nano_usd) from job_day_shares s where ${WINDOW}`, /SCAN s\b/],
  ['pool-days of a window', `select sum(s.idle_nano_usd) from pool_days s where ${WINDOW}`, /SCAN s\b/],
  [
    'entries of a window',
    `select sum(s.effective_nano_usd) from ledger_costs s where s.entry_date >= '2026-01-01' and s.entry_date < '2026-02-01'`,
    /SCAN s\b/,
  ],
  [
    'entries of a pool-day',
    `select sum(billed_nano_usd) from ledger_costs s where entry_date = '2026-01-01' and pool_id = 1`,
    /SCAN s\b/,
  ],
  [
    'pool-days that wait',
    `select s.day from pool_days s where s.is_stale = 1 order by s.day, s.pool_id limit 2000`,
    /SCAN s$/,
  ],
  ['running jobs', `select 1 from jobs s where s.status = 'running' and s.started_at_ms < 5`, /SCAN s\b/],
  [
    'the shares of a job',
    `delete from job_day_shares where job_id in (select job_id from changed_jobs)`,
    /SCAN job_day_shares/,
  ],
  [
    'staged rows of a range',
    `select s.line from staged_jobs s where +s.import_id = 1 and s.id > 5 and s.id <= 9`,
    /SCAN s\b|staged_jobs_key/,
  ],
  [
    'the job of another team with an id of a file',
    `select 1 from jobs s where s.job_id = 'a' and s.source = '' and s.team_id not in (select value from json_each('[1]'))`,
    /SCAN s\b/,
  ],
  [
    'the shares of a team in a window',
    `select sum(s.gpu_ms) from job_day_shares s join jobs j on j.id = s.job_id
      where ${WINDOW} and j.team_id in (select value from json_each('[1]'))`,
    /SCAN [sj]\b/,
  ],
  [
    'tokens of a window that the gateway metered',
    `select sum(s.input_tokens) from gateway_days s where s.day >= '2026-01-01' and s.day < '2026-01-15'`,
    /SCAN s\b/,
  ],
  [
    'what deployments cost in a window',
    `select s.day, sum(s.usage_nano_usd) from deployments d
      cross join jobs j on j.job_id = 'dep_' || d.id and j.source = 'deployment' and j.run = ''
      cross join job_day_shares s on s.job_id = j.id where ${WINDOW} group by 1`,
    /SCAN [sj]\b/,
  ],
  [
    'measurements of a window',
    `select 1 from usage_snapshots s where s.entry_date >= '2026-01-01' and s.entry_date < '2026-02-01' and s.source <> 'jobs'`,
    /SCAN s\b/,
  ],
  [
    'the pool-days that a measurement changes',
    `update pool_days as s set is_stale = 1 where held_gpu_ms > 0
      and (day, pool_id) in (select entry_date, pool_id from usage_snapshots where id = 3)`,
    /SCAN (s|usage_snapshots)\b/,
  ],
  [
    'whether a rule gave any charge to anybody',
    `select 1 from cost_dimensions where owner <> '' limit 1`,
    /SCAN cost_dimensions$/,
  ],
  [
    'an import’s quarantined rows',
    `select line from quarantined_rows s where import_id = 1 order by line, id limit 50`,
    /SCAN s\b/,
  ],
]

test.each(PLANS)('%s are found by an index', async (_what, sql, never) => {
  const { db } = await startHeliox()
  const { rows } = await db.$client.execute(`explain query plan ${sql}`)
  const plan = rows.map(({ detail }) => String(detail)).join('\n')
  expect(plan).not.toMatch(new RegExp(never.source, 'm'))
  expect(plan).toMatch(/SEARCH|USING (COVERING )?INDEX/)
})

/** Small tables, lists of values, and rows that were found before: what a statement may walk. */
const MAY_BE_WALKED =
  /^SCAN (json_each|value|t|m|p|g|\(?(sub|join)|\(subquery|[a-z]+ VIRTUAL|CONSTANT ROW|\d+ CONSTANT|teams|models|pools)/

/** A rollup read whole is a walk as well: its key begins with the cube. */
function isWalk(detail: string): boolean {
  return (detail.startsWith('SCAN') && !MAY_BE_WALKED.test(detail)) || /ledger_rollups .*\(cube=\?\)/.test(detail)
}

const NAMED = [...NAMES, 'tag:env'] as const
const PAIRS = NAMED.flatMap((one, index) => NAMED.slice(index + 1).map((two) => [one, two] as const))
const FILTERS = [
  {},
  { account: 'a', tag: ['env=x', 'team='], sku: ['s'] },
  { teamId: 'team_1', modelName: 'm', status: 'failed' },
  { provider: 'aws', gpuType: ['h100'], account: ['a', 'b'], teamId: 'team_1' },
]

test('no question to the explorer walks jobs, shares, cells, rollups, pool-days or charges from end to end', async () => {
  const { db, scope } = await startHeliox()
  const statements = new Map<string, { sql: string; args: never[] }>()
  const batch = db.$client.batch.bind(db.$client)
  db.$client.batch = (asked, mode) => {
    for (const one of asked as { sql: string; args: never[] }[]) statements.set(one.sql, one)
    return batch(asked, mode)
  }
  const ask = (more: object) =>
    explore(scope, questionWith(EXPLORER_FIELDS).parse({ start: '2026-01-10', end: '2026-03-20', ...more }))
  for (const filters of FILTERS)
    for (const basis of ['allocation', 'usage', 'exposure']) {
      for (const groupBy of [...PAIRS, ...NAMED.map((name) => ['week', name]), ['day']])
        await ask({ ...filters, basis, groupBy, compare: 'previous', cost: basis === 'usage' ? 'list' : 'billed' })
      await reconciliation(scope, questionWith({}).parse({ start: '2026-01-10', end: '2026-03-20', basis, ...filters }))
    }
  db.$client.batch = batch
  expect(statements.size).toBeGreaterThan(200)
  const walks = new Set<string>()
  for (const statement of statements.values()) {
    const { rows } = await db.$client.execute({ ...statement, sql: `explain query plan ${statement.sql}` })
    for (const { detail } of rows) if (isWalk(String(detail))) walks.add(`${detail}: ${statement.sql}`)
  }
  expect([...walks]).toEqual([])
}, 120_000)
