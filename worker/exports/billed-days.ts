import { sql } from 'drizzle-orm'
import type { Day, Window } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'

const DAYS_AT_ONCE = 31

/** The days of a window on which something was billed, in their order. */
export async function* billedDays({ db }: Pick<Scope, 'db'>, { from, before }: Window): AsyncGenerator<Day> {
  for (let after = ''; ; ) {
    const days = await db.all<{ day: Day }>(sql`
      select distinct day from pool_days where day >= ${from} and day < ${before} and day > ${after}
        and cost_nano_usd is not null order by day limit ${BigInt(DAYS_AT_ONCE)}`)
    for (const { day } of days) yield day
    const last = days.at(-1)
    if (!last || days.length < DAYS_AT_ONCE) return
    after = last.day
  }
}
