import { addDays, type Day, dayOf, type Window } from '../../db/units/time.ts'
import { extent } from '../analytics/extent.ts'
import { machine, type Scope } from '../scope.ts'

/** Days that advice looks back on where nobody says others. */
export const LOOK_DAYS = 30

/**
 * The days that advice is made of: those asked for, or the last 30; without today and what comes after the last day of the
 * bill, which are not complete. The same for everybody: a team's last job is not where the bill ends. Null: the ledger has no such day.
 */
export async function lookWindow(
  scope: Scope,
  asked: { start?: Day | undefined; end?: Day | undefined },
): Promise<Window | null> {
  const { firstDay, lastDay } = await extent({ ...scope, actor: machine('advice') })
  const today = dayOf(scope.now())
  const last = [lastDay ?? today, addDays(today, -1), asked.end ?? addDays(today, -1)].sort()[0] as Day
  const from =
    asked.start ??
    (firstDay ? ([firstDay, addDays(last, 1 - LOOK_DAYS)].sort()[1] as Day) : addDays(last, 1 - LOOK_DAYS))
  return from > last ? null : { from, before: addDays(last, 1) }
}
