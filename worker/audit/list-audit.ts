import { and, count, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { auditLog } from '../../db/schema/audit.ts'
import type { Id } from '../../db/units/ids.ts'
import { addDays, type EpochMs, startOf } from '../../db/units/time.ts'
import { AnsweredId, Instant, PageOf, pageOf } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { DayText, LineText, Paging } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'

const Fields = z
  .record(z.string(), z.unknown())
  .nullable()
  .describe('The fields that matter, named and written as in answers about the thing; null: it did not exist')

/** One line of the audit log. */
export const AuditEntry = z.object({
  id: AnsweredId('audit'),
  createdAtMs: Instant,
  actorId: z.string().describe('"user_3", "key_2"; empty for the admin key and the clock'),
  actor: z.string().describe('E-mail or key name at that time'),
  address: z.string().describe('The client’s address; empty where there was none'),
  requestId: z.string(),
  action: z.string().meta({ examples: ['keys.create'] }),
  targetId: z.string().meta({ examples: ['key_2'] }),
  target: z.string().describe('The target’s name at that time'),
  before: Fields,
  after: Fields,
})
export type AuditEntry = z.output<typeof AuditEntry>

export const AuditPage = PageOf('entries', AuditEntry)

const filters = {
  start: DayText.optional(),
  end: DayText.optional().describe('The last UTC day, inside'),
  action: LineText(100).optional().describe('One action, "keys.create", or all of a room, "keys"'),
  actor: LineText(254).optional().describe('An id, or part of the e-mail or key name'),
  targetId: LineText(100).optional(),
  search: LineText(200).optional().describe('Part of actor, action, target, address or request id'),
}

export const AuditAsked = z
  .object({ ...Paging, ...filters })
  .refine(({ start, end }) => !start || !end || start <= end, { message: 'must not be before start', path: ['end'] })
type Filters = Omit<z.output<typeof AuditAsked>, 'skip' | 'limit'>

/** What people and keys changed, the newest first, narrowed by every filter that is given. */
export async function listAudit(scope: Scope, asked: z.output<typeof AuditAsked>): Promise<z.output<typeof AuditPage>> {
  allow(scope, 'audit:read')
  const { skip, limit } = asked
  const rows = await newestFirst(scope, matching(asked)).limit(limit).offset(skip)
  return pageOf('entries', rows.map(entryOf), await countOf(scope, asked), { skip, limit }, false)
}

/** How many lines one export holds. A year of two hundred changes a day is four exports; memory stays small. */
export const LONGEST_EXPORT = 20_000
const EXPORT_STEP = 1_000

/**
 * Every line that the filters let through, newest first, whatever the paging says: for a file.
 * @throws HelioxError too_large `audit.export_too_large` above `LONGEST_EXPORT` lines
 */
export async function exportAudit(scope: Scope, asked: Filters): Promise<{ entries: AuditEntry[] }> {
  allow(scope, 'audit:read')
  const total = await countOf(scope, asked)
  if (total > LONGEST_EXPORT) {
    const message = `These are ${total} lines, and a file holds ${LONGEST_EXPORT}: choose fewer days`
    throw new HelioxError('too_large', 'audit.export_too_large', message)
  }
  const entries: AuditEntry[] = []
  let last: { atMs: EpochMs; id: Id<'audit'> } | undefined
  while (entries.length < total) {
    const rows = await newestFirst(scope, and(matching(asked), last && isBefore(last))).limit(EXPORT_STEP)
    entries.push(...rows.map(entryOf))
    last = rows.at(-1)
    if (!last) break
  }
  return { entries }
}

function newestFirst({ db }: Pick<Scope, 'db'>, where: SQL | undefined) {
  return db.select().from(auditLog).where(where).orderBy(desc(auditLog.atMs), desc(auditLog.id)).$dynamic()
}

async function countOf({ db }: Pick<Scope, 'db'>, asked: Filters): Promise<number> {
  const [all] = await db
    .select({ total: count().mapWith(Number) })
    .from(auditLog)
    .where(matching(asked))
  return all?.total ?? 0
}

function isBefore({ atMs, id }: { atMs: EpochMs; id: Id<'audit'> }): SQL {
  return sql`(${auditLog.atMs}, ${auditLog.id}) < (${sql.param(atMs, auditLog.atMs)}, ${sql.param(id, auditLog.id)})`
}

function matching({ start, end, action, actor, targetId, search }: Filters): SQL | undefined {
  const { address, requestId, target } = auditLog
  const anywhere = sql`${auditLog.actor} || char(10) || ${auditLog.action} || char(10) || ${target} || char(10) || ${auditLog.targetId} || char(10) || ${address} || char(10) || ${requestId}`
  return and(
    start ? gte(auditLog.atMs, startOf(start)) : undefined,
    end ? lt(auditLog.atMs, startOf(addDays(end, 1))) : undefined,
    action ? sql`(${auditLog.action} = ${action} or instr(${auditLog.action}, ${`${action}.`}) = 1)` : undefined,
    actor ? sql`(${auditLog.actorId} = ${actor} or ${holds(sql`${auditLog.actor}`, actor)})` : undefined,
    targetId ? eq(auditLog.targetId, targetId) : undefined,
    search ? holds(anywhere, search) : undefined,
  )
}

/** Without regard to case, and without wildcards: an underscore is an underscore. */
function holds(text: SQL, part: string): SQL {
  return sql`instr(lower(${text}), lower(${part})) > 0`
}

function entryOf({ id, atMs, before, after, ...row }: typeof auditLog.$inferSelect): AuditEntry {
  return { id, createdAtMs: atMs, ...row, before: revived(before), after: revived(after) }
}

/** What `note` wrote, with money as money again. */
function revived(json: string | null): AuditEntry['before'] {
  if (json === null) return null
  return JSON.parse(json, (name, value: unknown) =>
    name.endsWith('NanoUsd') && typeof value === 'string' ? BigInt(value) : value,
  ) as AuditEntry['before']
}
