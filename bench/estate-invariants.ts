import { sql } from 'drizzle-orm'
import { eachMeasure, MEASURES } from '../worker/analytics/measures.ts'
import { CUBES, NAME_COLUMN } from '../worker/analytics/rollups.ts'
import type { InProcess } from './in-process.ts'

const KINDS = [
  { kind: '', of: 'cost_nano_usd' },
  { kind: '_billed', of: 'billed_nano_usd' },
  { kind: '_list', of: 'list_nano_usd' },
] as const

/** Each answers a row for everything in the ledger that does not add up. */
const QUESTIONS: Record<string, string> = {
  'pool-days whose parts are not their cost': `
    select p.day, p.pool_id from pool_days p left join ledger_cells c on c.day = p.day and c.pool_id = p.pool_id
    group by p.day, p.pool_id having ${KINDS.map(
      ({
        kind,
        of,
      }) => `coalesce(sum(c.allocation${kind}_nano_usd), 0) + p.unallocated${kind}_nano_usd <> coalesce(p.${of}, 0)
        or coalesce(sum(c.usage${kind}_nano_usd), 0) + p.idle${kind}_nano_usd + p.unmeasured${kind}_nano_usd <> coalesce(p.${of}, 0)`,
    ).join(' or ')} or coalesce(sum(c.gpu_ms), 0) <> p.held_gpu_ms`,
  'cells that are not the sum of their jobs': `
    select day, pool_id, owner_id from (
      select day, pool_id, owner_id, gpu_ms, job_count, first_job_count, allocation_nano_usd as a, usage_nano_usd as u
      from ledger_cells where owner_id not in (select id from owners where model_id = 0 and status = 0)
      union all
      select day, pool_id, owner_id, -sum(gpu_ms), -count(*), -sum(is_first), -coalesce(sum(allocation_nano_usd), 0),
        -coalesce(sum(usage_nano_usd), 0) from job_day_shares group by 1, 2, 3)
    group by 1, 2, 3
    having sum(gpu_ms) <> 0 or sum(job_count) <> 0 or sum(first_job_count) <> 0 or sum(a) <> 0 or sum(u) <> 0`,
  'cells whose held time is not worth what it cost': `
    select c.day, c.pool_id from ledger_cells c join pool_days p on p.day = c.day and p.pool_id = c.pool_id
    where c.job_count > 0 and useful_nano_usd + idle_held_nano_usd + lost_nano_usd + not_measured_nano_usd
      <> iif(p.capacity_gpu_seconds is null, allocation_nano_usd, usage_nano_usd)`,
  'jobs that are not counted once': `
    select j.id from jobs j left join job_day_shares s on s.job_id = j.id group by j.id
    having count(s.day) > 0 and (sum(s.is_first) <> 1 or min(s.day) <> max(iif(s.is_first, s.day, '')))`,
  ...Object.fromEntries(
    CUBES.flatMap((cube) => [
      rollup(cube, 'c.day', cube.code),
      rollup(cube, 'substr(c.day, 1, 7)', cube.code.toUpperCase()),
    ]),
  ),
}

/** The cells of a cube's period against its rollup: nothing may be left of either. */
function rollup({ names }: (typeof CUBES)[number], period: string, cube: string): [string, string] {
  const kept = Object.entries(NAME_COLUMN).map(([name, column]) =>
    (names as readonly string[]).includes(name) ? (name === 'pool' ? 'c.pool_id' : `o.${column}`) : '0',
  )
  const columns = Object.values(NAME_COLUMN).join(', ')
  const left = ['cell_count', ...MEASURES].map((measure) => `sum(${measure}) <> 0`).join(' or ')
  const text = `
    select period, ${columns} from (
      select ${period} as period, ${kept.map((value, at) => `${value} as ${Object.values(NAME_COLUMN)[at]}`).join(', ')},
        1 as cell_count, ${eachMeasure('c.$ as $')} from ledger_cells c join owners o on o.id = c.owner_id
      union all select period, ${columns}, -cell_count, ${eachMeasure('-$')} from ledger_rollups where cube = '${cube}')
    group by period, ${columns} having ${left}`
  return [`rollups ${cube} that are not the sum of their cells`, text]
}

/** Throws for what does not add up inside the ledger. Answers how many questions were asked. */
export async function checkInside({ scope }: InProcess): Promise<number> {
  for (const [what, text] of Object.entries(QUESTIONS)) {
    const [row] = await scope.db.all(sql.raw(`${text} limit 1`))
    if (row) throw new Error(`there are ${what}: ${Object.values(row as object).join(' ')}`)
  }
  return Object.keys(QUESTIONS).length
}
