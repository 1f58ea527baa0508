import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { rowOf } from '../../db/units/ids.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { AnsweredDay, AnsweredId, Usd } from '../answer-fields.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { withLease } from '../lease.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type Change, changesOf, type Looked } from './price-changes.ts'
import type { Repricing } from './price-input.ts'

const Sums = {
  callCount: z.number().int(),
  beforeNanoUsd: Usd.describe('What those calls cost as they are recorded; unpriced ones as nothing'),
  afterNanoUsd: Usd,
  changeNanoUsd: Usd,
}

/** What pricing again changes, or has changed. All sums are of the calls that change. */
export const RepricedCalls = z.object({
  isDryRun: z.boolean(),
  model: z.string().nullable(),
  from: AnsweredDay,
  to: AnsweredDay,
  lookedCount: z.number().int().describe('Calls that were calculated again'),
  ...Sums,
  byModel: z.array(z.object({ model: z.string(), ...Sums })),
  byTeam: z.array(z.object({ teamId: AnsweredId('team').nullable(), team: z.string().nullable(), ...Sums })),
  grades: z.array(z.object({ before: z.string(), after: z.string(), callCount: z.number().int() })),
  unpricedCount: z.number().int().describe('Calls that still have no price'),
  reportedCount: z.number().int().describe('Calls whose cost the provider reported: never touched'),
  closedMonths: z.array(z.string()).describe('Closed months among the days: their calls stay as they are'),
  closedCount: z.number().int().describe('Calls in those months'),
})
export type RepricedCalls = z.output<typeof RepricedCalls>

/** Changed in one transaction; triggers take each to the sums of its day. */
const BATCH = 500
/** A run that died is waited for no longer. One that is taken over counts only what it changed itself. */
const LONGEST_RUN_MS = 5 * 60_000

/**
 * Calculates the calls of some days again with the price book as it is now: says what would change, or (`dryRun: false`)
 * changes it, and says what this run changed. What was changed is the same the next time, so a second run changes nothing, and one that was interrupted is
 * done again. Costs that providers reported, answers from the store and closed months are never touched, and a known amount
 * never becomes unknown.
 *
 * @throws HelioxError too_large `prices.too_many_calls`; conflict `prices.repricing`: another run changes calls now
 */
export async function reprice(scope: Scope, asked: z.output<typeof Repricing>): Promise<RepricedCalls> {
  allow(scope, 'prices:write')
  if (asked.dryRun) return answerOf(scope, asked, await changesOf(scope, asked))
  const done = await withLease(scope, 'prices.reprice', LONGEST_RUN_MS, async () => {
    const looked = await changesOf(scope, asked)
    return answerOf(scope, asked, { ...looked, changes: await apply(scope, asked, looked.changes) })
  })
  if (done) return done
  const message = 'Calls are being priced again already: look at the difference once that has ended'
  throw new HelioxError('conflict', 'prices.repricing', message)
}

async function answerOf(
  { db }: Scope,
  { model, from, to, dryRun }: z.output<typeof Repricing>,
  { changes, ...counts }: Looked,
): Promise<RepricedCalls> {
  const teams = await db.all<{ id: bigint; name: string }>(sql`select id, name from teams`)
  const names = new Map(teams.map(({ id, name }) => [`team_${id}`, name]))
  const grouped = <K>(key: (change: Change) => K) =>
    [...Map.groupBy(changes, key)].map(([of, list]) => ({ of, ...sumsOf(list) }))
  const largestFirst = (a: { changeNanoUsd: bigint }, b: { changeNanoUsd: bigint }) => {
    const size = ({ changeNanoUsd: n }: { changeNanoUsd: bigint }) => (n < 0n ? -n : n)
    return size(b) > size(a) ? 1 : size(b) < size(a) ? -1 : 0
  }
  return {
    ...{ isDryRun: dryRun, model: model ?? null, from, to, ...counts, ...sumsOf(changes) },
    byModel: grouped((one) => one.model)
      .map(({ of, ...sums }) => ({ model: of, ...sums }))
      .sort(largestFirst),
    byTeam: grouped((one) => one.teamId)
      .map(({ of, ...sums }) => ({ teamId: of, team: of && (names.get(of) ?? null), ...sums }))
      .sort(largestFirst),
    grades: grouped(({ gradeBefore, gradeAfter }) => `${gradeBefore} ${gradeAfter}`).map(({ of, callCount }) => {
      const [before = '', after = ''] = of.split(' ')
      return { before, after, callCount }
    }),
  }
}

function sumsOf(changes: readonly Change[]) {
  let [before, after] = [0n, 0n]
  for (const one of changes) {
    before += one.before ?? 0n
    after += one.after
  }
  return {
    callCount: changes.length,
    beforeNanoUsd: nanoUsd(before),
    afterNanoUsd: nanoUsd(after),
    changeNanoUsd: nanoUsd(after - before) as NanoUsd,
  }
}

/**
 * Batch by batch, and which of them it has changed. The line of the audit log stands with the first, so that no interrupted run
 * is without one; the gateway's notice with the last.
 */
async function apply(
  scope: Scope,
  { model, from, to }: z.output<typeof Repricing>,
  changes: readonly Change[],
): Promise<Change[]> {
  const target = `${model ?? 'all models'}, ${from} to ${to}`
  const done: Change[] = []
  for (let at = 0; at < changes.length; at += BATCH) {
    const later = changes.slice(at + BATCH)
    const batch = changes.slice(at, at + BATCH)
    await writeTransaction(scope.db, async (tx) => {
      const rows = await tx.all<{ id: string }>(updateOf(batch))
      const ids = new Set(rows.map(({ id }) => id))
      const changed = batch.filter(({ id }) => ids.has(id))
      const { callCount, beforeNanoUsd, afterNanoUsd } = sumsOf([...changed, ...later])
      if (at === 0 && callCount > 0)
        await note(tx, scope, {
          ...{ action: 'prices.reprice', targetId: '', target },
          ...{ before: { callCount, costNanoUsd: beforeNanoUsd }, after: { callCount, costNanoUsd: afterNanoUsd } },
        })
      // Budgets read anew what was spent.
      if (later.length === 0) await tx.run(sql`update gateway_version set version = version + 1 where id = 1`)
      done.push(...changed)
    })
  }
  return done
}

/** A call that somebody else has changed meanwhile stays as they left it. */
function updateOf(changes: readonly Change[]): SQL {
  const list = changes.map(({ id, before, after, gradeBefore, gradeAfter, priceId }) => [
    ...[id, before === null ? null : String(before), String(after), gradeBefore, gradeAfter],
    priceId && rowOf('price', priceId),
  ])
  return sql`update requests set cost_nano_usd = new.cost, cost_grade = new.grade, price_id = new.price
    from (select value ->> 0 as id, cast(value ->> 1 as integer) as was, cast(value ->> 2 as integer) as cost,
      value ->> 3 as graded, value ->> 4 as grade, value ->> 5 as price from json_each(${JSON.stringify(list)})) as new
    where requests.id = new.id and requests.cost_nano_usd is new.was and requests.cost_grade = new.graded
      and requests.cost_grade <> 'reported'
    returning requests.id as id`
}
