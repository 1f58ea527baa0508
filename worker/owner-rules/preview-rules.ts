import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { TeamId } from '../../db/units/ids.ts'
import { AnsweredId, Usd } from '../answer-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { changedTable, chargesOf, otherDimensions, otherJobs } from './go-through-history.ts'
import { teamNames } from './owner.ts'
import { AT_THE_START, Moved, movedAnswer, type Progress } from './rule-set.ts'
import { billBook, decideAlike, jobBook, readInForce, rulesToApply } from './rules-in-force.ts'
import { beforeAndAfter, type Change, type TeamCosts } from './try-out.ts'

/** Jobs that one question goes through. */
const JOBS_AT_ONCE = 200_000
/** A move of more than this is told by what moves alone. */
const MOST_CHANGES = 5_000

export const Preview = z.object({
  isApplied: z.boolean().describe('True: these rules are in force as they stand'),
  ruleCount: z.number().int(),
  moved: Moved,
  poolDayCount: z.number().int().nullable().describe('Pool-days that are shared anew; null: too many to try out'),
  teams: z
    .array(
      z.object({
        teamId: AnsweredId('team').nullable().describe('Null: what nobody is charged'),
        name: z.string(),
        beforeNanoUsd: Usd,
        afterNanoUsd: Usd,
      }),
    )
    .nullable()
    .describe(
      'What each team is charged for the whole of these pool-days, before and after, tried out and undone: both sum to the same. Null: it is too much to try out, and `moved` alone is told',
    ),
  message: z.string(),
})
export type Preview = z.output<typeof Preview>

/**
 * What would move if the list of rules were applied as it stands, without moving it: every charge and job that changes
 * hands, and as far as it is not too much, what each team is charged before and after, to the nano-dollar.
 *
 * @throws HelioxError not_found `owner_rules.no_team`; invalid `owner_rules.too_many_teams`
 */
export async function previewRules(scope: Scope): Promise<Preview> {
  allow(scope, 'bill-rules:read')
  const { db } = scope
  const [names, rules, inForce] = [await teamNames(db), await rulesToApply(db), await readInForce(db)]
  const isApplied = decideAlike(rules, inForce?.rules ?? [])
  const text = JSON.stringify(rules)
  const charges = await db.all<{ id: bigint; from: string; to: string }>(
    sql`with book as materialized (${billBook(text)}) ${otherDimensions(sql`1`)}`,
  )
  const moving = await movingJobs(scope, text)
  const moved = movedAnswer({ charges: await movingCharges(scope, charges), jobs: moving.sums }, names)
  const isSmall = charges.length <= MOST_CHANGES && moving.ids.length <= MOST_CHANGES
  const tried = isSmall ? await beforeAndAfter(scope, { text, charges, jobIds: moving.ids }) : null
  return {
    ...{ isApplied, ruleCount: rules.length, moved, poolDayCount: tried?.poolDayCount ?? null },
    teams: tried && namedCosts(tried.costs, names),
    message: wordsOf(isApplied, moved, tried !== null),
  }
}

function wordsOf(isApplied: boolean, { entryCount, jobCount }: Moved, isExact: boolean): string {
  if (entryCount + jobCount === 0)
    return isApplied ? 'These rules are in force: nothing would move' : 'Nothing that is there now would move'
  const rest =
    'The other jobs of the same days and pools share what is left, so their teams are charged differently too'
  return isExact ? `${rest}; the table has it to the dollar` : `${rest}; this is too much to work out beforehand`
}

function namedCosts(costs: readonly TeamCosts[], names: ReadonlyMap<TeamId, string>): Preview['teams'] {
  return costs.map(({ teamRow, beforeNanoUsd, afterNanoUsd }) => {
    const teamId: TeamId | null = teamRow === null ? null : `team_${Number(teamRow)}`
    const name = teamId === null ? '__unallocated__' : (names.get(teamId) ?? teamId)
    return { teamId, name, beforeNanoUsd, afterNanoUsd }
  })
}

async function movingCharges({ db }: Scope, changed: readonly Change[]): Promise<Progress['charges']> {
  if (changed.length === 0) return AT_THE_START.charges
  const rows = JSON.stringify(changed.map(({ id, to }) => [Number(id), to]))
  const sums = await chargesOf(db, changedTable(rows))
  return sums.map(({ from, to, entries, nano }) => [from, to, Number(entries), String(nano)])
}

/** Jobs that would change teams: sums by teams, and their ids as far as they may be tried out. */
async function movingJobs({ db }: Scope, text: string): Promise<{ sums: Progress['jobs']; ids: number[] }> {
  const [all] = await db.all<{ last: bigint }>(sql`select coalesce(max(id), 0) as last from jobs`)
  const sums = new Map<string, Progress['jobs'][number]>()
  const ids: number[] = []
  for (let after = 0; after < Number(all?.last ?? 0); after += JOBS_AT_ONCE) {
    const range = sql`jobs j where j.id > ${BigInt(after)} and j.id <= ${BigInt(after + JOBS_AT_ONCE)}`
    const moving = await db.all<Record<'from' | 'to' | 'jobs' | 'gpuMs' | 'nano', bigint> & { ids: string }>(sql`
      with book as materialized (${jobBook(text)}), f as materialized (${otherJobs(range)})
      select "from", "to", count(*) as jobs, sum(gpu_ms) as gpuMs, sum(nano) as nano,
        iif(count(*) <= ${BigInt(MOST_CHANGES)}, json_group_array(id), null) as ids
      from (select f.id, f."from", f."to", coalesce(sum(s.gpu_ms), 0) as gpu_ms, coalesce(sum(s.allocation_nano_usd), 0) as nano
        from f left join job_day_shares s on s.job_id = f.id where "from" <> "to" group by f.id)
      group by 1, 2`)
    for (const { from, to, jobs, gpuMs, nano, ids: some } of moving) {
      const known = sums.get(`${from} ${to}`)
      sums.set(`${from} ${to}`, [
        ...([Number(from), Number(to), (known?.[2] ?? 0) + Number(jobs), (known?.[3] ?? 0) + Number(gpuMs)] as const),
        String(BigInt(known?.[4] ?? 0) + nano),
      ])
      if (ids.length <= MOST_CHANGES)
        ids.push(...(some ? (JSON.parse(some) as number[]) : Array(MOST_CHANGES + 1).fill(0)))
    }
  }
  return { sums: [...sums.values()], ids }
}
