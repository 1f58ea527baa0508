import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

/** Every statement of what `ask` reads together, with what the database says it would do. */
async function plansOf(
  heliox: Awaited<ReturnType<typeof startHeliox>>,
  ask: () => Promise<unknown>,
): Promise<string[]> {
  const client = heliox.db.$client
  const batch = client.batch.bind(client)
  const plans: string[] = []
  client.batch = (async (statements: { sql: string; args: never[] }[], mode: 'read') => {
    for (const { sql, args } of statements) {
      const { rows } = await client.execute({ sql: `explain query plan ${sql}`, args })
      plans.push(rows.map(({ detail }) => String(detail)).join('\n'))
    }
    return batch(statements, mode)
  }) as typeof client.batch
  await ask()
  client.batch = batch
  return plans
}

const WINDOW = 'start=2026-01-01&end=2026-03-31'

test.each([
  ['jobs by cost', `cost/by-job?${WINDOW}`],
  ['jobs of a team', `cost/by-job?${WINDOW}&team_id=team_1`],
  ['jobs of one pool and model', `cost/by-job?${WINDOW}&provider=aws&gpu_type=h100&model_name=bert`],
  ['jobs at list cost', `cost/by-job?${WINDOW}&cost=list`],
  ['a figure of a team', `explain?${WINDOW}&team_id=team_1`],
  ['a figure of the bill', `explain?${WINDOW}`],
  ['bill lines', `explain/lines?${WINDOW}`],
])('%s: neither jobs nor bill lines nor their days are walked from end to end', async (_what, path) => {
  const heliox = await startHeliox()
  await heliox.write('POST', '/api/v1/teams', { name: 'a' })
  // So many that a window is read along its days where the question is wide, and looked up where it is narrow.
  await heliox.db.$client.executeMultiple(`insert into pools (provider, gpu_type) values ('aws', 'h100'), ('aws', 'l4');
    insert into models (name) values ('bert'); with recursive n(i) as (select 1 union all select i + 1 from n where i < 200)
    insert into owners (team_id, model_id, status) select 1, i, 3 from n`)
  const plans = await plansOf(heliox, () => heliox.fetch(`/api/v1/analytics/${path}`))
  expect(plans.length).toBeGreaterThan(2)
  for (const plan of plans)
    expect(plan).not.toMatch(/SCAN (j|c|s|d|jobs|cost_entries|job_day_shares|ledger_cells|ledger_rollups|pool_days)\b/m)
})
