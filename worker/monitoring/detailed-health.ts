import { sql } from 'drizzle-orm'
import { z } from 'zod'
import journal from '../../db/migrations/meta/_journal.json' with { type: 'json' }
import type { LedgerCheck } from '../analytics/check-ledger.ts'
import { backendsHealth } from '../backends/backends-health.ts'
import { backupHealth } from '../backups/backup-health.ts'
import type { BackupStore } from '../backups/backup-store.ts'
import { rootCause } from '../errors.ts'
import { lastCheck } from '../ledger/kept.ts'
import { pricesHealth } from '../prices/unpriced.ts'
import type { Scope } from '../scope.ts'
import { sourcesHealth } from '../sources/sources-health.ts'
import { databaseHealth } from './check-health.ts'
import { minutesSince } from './clock-runs.ts'

const STATUSES = ['healthy', 'degraded', 'unhealthy'] as const

/** One check. A critical one that fails is unhealthy, an optional one degraded. */
export const HealthCheck = z.object({
  name: z.enum(['database', 'migrations', 'clock', 'ledger', 'sources', 'prices', 'backends', 'backup']),
  status: z.enum(STATUSES),
  isCritical: z.boolean(),
  message: z.string().nullable().describe('Null for strangers, as is the duration'),
  durationMs: z.number().int().nullable(),
})
export type HealthCheck = z.output<typeof HealthCheck>

/** `status` is the worst of the checks. */
export const DetailedHealth = z.object({
  status: z.enum(STATUSES),
  timestamp: z.string().meta({ format: 'date-time', examples: ['2026-01-13T08:00:00.000Z'] }),
  checks: z.array(HealthCheck),
})
export type DetailedHealth = z.output<typeof DetailedHealth>

/** The clock ticks every five minutes: two ticks may be lost before somebody is told. */
const LATE_MINUTES = 15

/** Without `backups`: this deployment keeps none. */
type Asked = Pick<Scope, 'db' | 'log' | 'now'> & { backups?: BackupStore | null }
/** What a check found. Words for people, without addresses, names of tables or values. */
type Finding = { isFine: boolean; message: string }
type Check = { name: HealthCheck['name']; isCritical: boolean; look: (asked: Asked) => Promise<Finding> }

const CHECKS: readonly Check[] = [
  { name: 'database', isCritical: true, look: database },
  { name: 'migrations', isCritical: true, look: migrations },
  { name: 'clock', isCritical: false, look: clock },
  { name: 'ledger', isCritical: false, look: ledger },
  { name: 'sources', isCritical: false, look: sourcesHealth },
  { name: 'prices', isCritical: false, look: pricesHealth },
  { name: 'backends', isCritical: false, look: backendsHealth },
  { name: 'backup', isCritical: false, look: backupHealth },
]

/**
 * What Heliox needs and whether it is there. Without a database nothing else is looked at. `isOpen` false: for strangers,
 * who learn the status of each check and nothing else.
 */
export async function detailedHealth(asked: Asked, isOpen: boolean): Promise<DetailedHealth> {
  const [first, ...others] = CHECKS as [Check, ...Check[]]
  const found = [await checked(first, asked)]
  for (const check of others)
    found.push(found[0]?.status === 'healthy' ? await checked(check, asked) : notLookedAt(check))
  return {
    status: STATUSES.findLast((status) => found.some((check) => check.status === status)) ?? 'healthy',
    timestamp: new Date(asked.now()).toISOString(),
    checks: isOpen ? found : found.map((check) => ({ ...check, message: null, durationMs: null })),
  }
}

async function checked(check: Check, asked: Asked): Promise<HealthCheck> {
  const startedAt = Date.now()
  const finding = await check.look(asked).catch((error: unknown): Finding => {
    asked.log.error('health.check_failed', { check: check.name, error: String(rootCause(error)) })
    return { isFine: false, message: 'Could not be checked: see the log' }
  })
  return { ...answerOf(check, finding), durationMs: Date.now() - startedAt }
}

function notLookedAt(check: Check): HealthCheck {
  const message = 'Not checked: the database does not answer'
  return { ...answerOf(check, { isFine: false, message }), durationMs: 0 }
}

function answerOf({ name, isCritical }: Check, { isFine, message }: Finding): Omit<HealthCheck, 'durationMs'> {
  return { name, status: isFine ? 'healthy' : isCritical ? 'unhealthy' : 'degraded', isCritical, message }
}

async function database(asked: Asked): Promise<Finding> {
  const { isUp } = await databaseHealth(asked)
  return { isFine: isUp, message: isUp ? 'The database answers' : 'The database does not answer' }
}

/** A database that is newer than this Worker is fine: each migration is safe while the old Worker still serves. */
async function migrations({ db }: Asked): Promise<Finding> {
  const rows = await db.all<{ appliedAt: bigint }>(sql`select created_at as appliedAt from __drizzle_migrations`)
  const applied = new Set(rows.map(({ appliedAt }) => Number(appliedAt)))
  const missing = journal.entries.filter(({ when }) => !applied.has(when)).length
  if (missing === 0) return { isFine: true, message: 'The database has every migration' }
  return { isFine: false, message: `The database lacks ${missing} of ${journal.entries.length} migrations: apply them` }
}

async function clock(asked: Asked): Promise<Finding> {
  const minutes = await minutesSince(asked, 'tick')
  if (minutes <= LATE_MINUTES) return { isFine: true, message: 'The clock runs' }
  return { isFine: false, message: `The clock has not finished a round for ${minutes} minutes` }
}

/**
 * Pool-days are shared again at the end of an import, and by the clock: waiting longer than that is a fault. So is a ledger
 * that the last check found not to be what its facts make of it.
 */
async function ledger(asked: Asked): Promise<Finding> {
  const [row] = await asked.db.all<{ waiting: bigint }>(sql`
    select count(*) as waiting from (select 1 from pool_days where is_stale = 1 limit 1000)`)
  const waiting = Number(row?.waiting ?? 0n)
  const minutes = waiting === 0 ? 0 : await minutesSince(asked, 'share')
  if (minutes <= LATE_MINUTES) return held(await lastCheck(asked))
  const many =
    waiting === 1000 ? '1000 pool-days or more wait' : `${waiting} pool-${waiting === 1 ? 'day waits' : 'days wait'}`
  return { isFine: false, message: `${many} to be shared out; that was last done ${minutes} minutes ago` }
}

function held(check: LedgerCheck | null): Finding {
  if (check === null || check.holds) return { isFine: true, message: 'Costs are shared out' }
  const broken = check.findings.map(({ message, count }) => `${message}: not in ${count}`)
  const when = new Date(check.finishedAtMs).toISOString()
  return { isFine: false, message: `The check of ${when} found that the ledger does not hold. ${broken.join('. ')}` }
}
