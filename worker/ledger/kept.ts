import { sql } from 'drizzle-orm'
import type { EpochMs } from '../../db/units/time.ts'
import type { LedgerCheck } from '../analytics/check-ledger.ts'
import type { RebuildProgress } from '../analytics/rebuild.ts'
import type { Scope } from '../scope.ts'

/** What is kept of the last check, and of the rebuild that is under way or was the last. */
const NAMES = { check: 'ledger.check', rebuild: 'ledger.rebuild' } as const

/** A rebuild by somebody, with how far it is. */
export type KeptRebuild = RebuildProgress & { startedAtMs: EpochMs; startedBy: string; finishedAtMs: EpochMs | null }

/** The last check of all or of a sample. Null: there was none yet. A door: /health/detailed tells of it. */
export async function lastCheck({ db }: Pick<Scope, 'db'>): Promise<LedgerCheck | null> {
  return read<LedgerCheck>(db, NAMES.check)
}

export async function keepCheck({ db, now }: Pick<Scope, 'db' | 'now'>, check: LedgerCheck): Promise<void> {
  await db.run(sql`insert into company_settings (name, value, changed_at_ms)
    values (${NAMES.check}, ${JSON.stringify(check)}, ${BigInt(now())})
    on conflict do update set value = excluded.value, changed_at_ms = excluded.changed_at_ms`)
}

export async function lastRebuild({ db }: Pick<Scope, 'db'>): Promise<KeptRebuild | null> {
  return read<KeptRebuild>(db, NAMES.rebuild)
}

/** Notes a rebuild that begins. */
export async function keepRebuild({ db, now }: Pick<Scope, 'db' | 'now'>, rebuild: KeptRebuild): Promise<void> {
  await db.run(sql`insert into company_settings (name, value, changed_at_ms)
    values (${NAMES.rebuild}, ${JSON.stringify(rebuild)}, ${BigInt(now())})
    on conflict do update set value = excluded.value, changed_at_ms = excluded.changed_at_ms`)
}

/** Notes how far a rebuild is: not if another has begun since, or if somebody else has brought it to its end. */
export async function keepProgress({ db, now }: Pick<Scope, 'db' | 'now'>, rebuild: KeptRebuild): Promise<void> {
  await db.run(sql`update company_settings set value = ${JSON.stringify(rebuild)}, changed_at_ms = ${BigInt(now())}
    where name = ${NAMES.rebuild} and value ->> 'startedAtMs' = ${BigInt(rebuild.startedAtMs)} and value ->> 'phase' <> 'done'`)
}

async function read<T>(db: Scope['db'], name: string): Promise<T | null> {
  const [row] = await db.all<{ value: string }>(sql`select value from company_settings where name = ${name}`)
  return row ? (JSON.parse(row.value) as T) : null
}
