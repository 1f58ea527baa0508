import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { anomalyVerdicts } from '../../db/schema/insight.ts'
import { ANOMALY_VERDICTS } from '../../db/units/insight.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { addDays } from '../../db/units/time.ts'
import { isByBill } from '../analytics/bill-conditions.ts'
import { Instant } from '../answer-fields.ts'
import { note as noteChange } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { MOST_WIDENED, NO_HALVES_DAYS, NO_WIDENS } from './detect.ts'
import { findAll } from './find-anomalies.ts'
import { readKey, type Series, seriesKey } from './series.ts'
import type { VerdictNamed, VerdictSaid } from './verdict-input.ts'

export const SaidOf = z.object({
  key: z.string(),
  verdict: z.enum(ANOMALY_VERDICTS),
  note: z.string(),
  byLabel: z.string(),
  saidAtMs: Instant,
  effect: z.string().describe('What follows from it, in words'),
})
export type SaidOf = z.output<typeof SaidOf>

const EFFECTS = {
  yes: 'The day is left out of the baseline, so that it does not become usual.',
  no: `The day counts as usual, and this series needs a deviation ${NO_WIDENS * 100} % larger from the next day on: half of that is gone every ${NO_HALVES_DAYS} days, and several together widen it to ${MOST_WIDENED} times at most. Alerts leave it out.`,
  planned: 'The day is left out of the baseline and of alerts.',
} as const

/**
 * Says what an anomaly was; said again, it is what was said last. Audited.
 *
 * @throws HelioxError not_found `anomalies.no_anomaly` for a key under which nothing is found, or of a series that the
 *   actor does not see
 */
export async function decideAnomaly(scope: Scope, input: z.output<typeof VerdictSaid>): Promise<SaidOf> {
  allow(scope, 'insight:decide')
  const { series, day } = await requireAnomaly(scope, input.key)
  const { key, verdict, note } = input
  const row = { verdict, note, byLabel: scope.actor.label, atMs: scope.now() }
  await writeTransaction(scope.db, async (tx) => {
    const [before] = await tx.select().from(anomalyVerdicts).where(eq(anomalyVerdicts.key, key))
    await tx
      .insert(anomalyVerdicts)
      .values({ key, series: seriesKey(series), day, ...row })
      .onConflictDoUpdate({ target: anomalyVerdicts.key, set: row })
    await noteChange(tx, scope, {
      ...{ action: 'anomalies.decide', targetId: key, target: key },
      ...{ before: before ? { verdict: before.verdict, note: before.note } : null, after: { verdict, note } },
    })
  })
  const { atMs: saidAtMs, byLabel } = row
  return { key, verdict, note, byLabel, saidAtMs, effect: EFFECTS[verdict] }
}

/**
 * Takes back what was said, and all that followed from it. Nothing happens where nothing was said. Audited.
 *
 * @throws HelioxError not_found `anomalies.no_anomaly`
 */
export async function undoAnomaly(scope: Scope, { key }: z.output<typeof VerdictNamed>): Promise<void> {
  allow(scope, 'insight:decide')
  const [said] = await scope.db.select().from(anomalyVerdicts).where(eq(anomalyVerdicts.key, key))
  // What was said can be taken back also where the ledger has become another since.
  if (said) requireSeen(scope, readKey(key)?.series ?? null, key)
  else await requireAnomaly(scope, key)
  await writeTransaction(scope.db, async (tx) => {
    const [before] = await tx.delete(anomalyVerdicts).where(eq(anomalyVerdicts.key, key)).returning()
    if (!before) return
    await noteChange(tx, scope, {
      ...{ action: 'anomalies.undo', targetId: key, target: key, after: null },
      before: { verdict: before.verdict, note: before.note },
    })
  })
}

/** There is such an anomaly, at the finest setting. */
async function requireAnomaly(scope: Scope, key: string) {
  const read = readKey(key)
  const { series, day } = requireSeen(scope, read?.series ?? null, key) && (read as NonNullable<typeof read>)
  const { found } = await findAll(scope, {
    ...{
      window: { from: day, before: addDays(day, 1) },
      basis: 'allocation',
      cost: 'effective',
      filters: series.filters,
    },
    ...{ dimension: series.dimension, minImpactUsd: nanoUsd(0n), sensitivity: 'high', direction: 'both' },
    ...{ verdict: 'any', skip: 0, limit: 1 },
  })
  if (!found.some((one) => one.key === key)) throw noAnomaly(key)
  return { series, day }
}

/** Another team's series does not exist; nor does what only the whole company has. */
function requireSeen(scope: Scope, series: Series | null, key: string): Series {
  const teams = visibleTeams(scope)
  if (series === null) throw noAnomaly(key)
  if (teams === null) return series
  const { dimension, kind, value, filters } = series
  const isOwn = (ids: readonly string[]) => ids.every((id) => teams.some((team) => team === id))
  const asked = dimension === 'team' ? [value] : filters.teamId
  const isOfBill = kind !== 'owner' || dimension === 'account' || isByBill({ filters })
  const isVisible = !isOfBill && asked !== null && isOwn(asked) && isOwn(filters.teamId ?? [])
  if (!isVisible) throw noAnomaly(key)
  return series
}

function noAnomaly(key: string): HelioxError {
  return new HelioxError('not_found', 'anomalies.no_anomaly', `There is no anomaly ${key}`)
}
