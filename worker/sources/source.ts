import { and, asc, count, eq, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { SOURCE_KINDS, sources } from '../../db/schema/sources.ts'
import { users } from '../../db/schema/users.ts'
import type { Id } from '../../db/units/ids.ts'
import { DAY_MS, type EpochMs } from '../../db/units/time.ts'
import { AnsweredId, Instant, Version } from '../answer-fields.ts'
import type { Settings } from '../env.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { sealedNames } from '../seal.ts'
import { versionOf } from '../versions.ts'
import { kindOf } from './kinds/index.ts'
import { lastRuns, Run } from './run.ts'
import { lastDue } from './schedule.ts'

/** What this room needs of the deployment's settings. */
export type SourceSettings = Pick<Settings, 'secretKey' | 'allowPrivateSources' | 'ingestHourUtc'>
export type SourceScope = Scope & { settings: SourceSettings }
export type SourceId = Id<'src'>
export type SourceRow = typeof sources.$inferSelect

/** Where files are pulled from. Of its secrets only the names of those that are kept. */
export const Source = z.object({
  id: AnsweredId('src'),
  name: z.string().meta({ examples: ['AWS billing export'] }),
  kind: z.enum(SOURCE_KINDS),
  place: z.string().describe('Where it pulls from, in a few words'),
  format: z
    .string()
    .describe('An importer’s id, or auto')
    .meta({ examples: ['auto'] }),
  config: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).describe('What its kind needs to know'),
  keptSecrets: z.array(z.string()).describe('Names of the secrets that are kept; they are never shown'),
  source: z.string().describe('Whose rows they are; empty: the format’s own word'),
  provider: z.string(),
  currency: z.string(),
  timeZone: z.string(),
  isEnabled: z.boolean(),
  createdAtMs: Instant,
  createdBy: z.string().nullable().describe('Null: made with a key, or by somebody who has been removed'),
  nextDueAtMs: Instant.nullable().describe('In the past: due and not yet begun. Null: not enabled'),
  lastRun: Run.nullable(),
  version: Version,
})
export type Source = z.output<typeof Source>

type Reader = Pick<Db, 'select' | 'all'>

/** @throws HelioxError not_found `sources.no_source` */
export async function sourceOf(reader: Reader, scope: SourceScope, id: SourceId): Promise<Source> {
  const [source] = await selectSources(reader, scope, eq(sources.id, id))
  if (!source) throw noSource(id)
  return source
}

/** @throws HelioxError not_found `sources.no_source` */
export async function sourceRow(reader: Pick<Db, 'select'>, id: SourceId): Promise<SourceRow> {
  const [row] = await reader.select().from(sources).where(eq(sources.id, id))
  if (!row) throw noSource(id)
  return row
}

function noSource(id: SourceId): HelioxError {
  return new HelioxError('not_found', 'sources.no_source', `There is no source ${id}`)
}

/** Sources by their names. */
export async function selectSources(
  reader: Reader,
  { now, settings }: SourceScope,
  where?: SQL,
  page: { skip: number; limit: number } = { skip: 0, limit: 1 },
): Promise<Source[]> {
  const rows = await reader
    .select({ row: sources, createdBy: users.email })
    .from(sources)
    .leftJoin(users, eq(users.id, sources.userId))
    .where(and(where))
    .orderBy(asc(sql`lower(${sources.name})`))
    .limit(page.limit)
    .offset(page.skip)
  const runs = await lastRuns(
    reader,
    rows.map(({ row }) => row.id),
  )
  return rows.map(({ row, createdBy }) => {
    const lastRun = runs.get(row.id) ?? null
    return {
      ...factsOf(row),
      ...{ createdBy, lastRun, nextDueAtMs: nextDueOf(row, lastRun, now(), settings.ingestHourUtc) },
      version: versionOf({ ...factsOf(row), sealed: row.sealedSecrets }),
    }
  })
}

export async function countSources(db: Db): Promise<number> {
  const [all] = await db.select({ total: count().mapWith(Number) }).from(sources)
  return all?.total ?? 0
}

/** What people decide about a source, as answers and the audit log name it: no secret, and nothing that runs change. */
export function factsOf(row: SourceRow) {
  const { id, name, kind, format, source, provider, currency, timeZone, isEnabled, createdAtMs } = row
  const config = JSON.parse(row.configJson) as Source['config']
  const place = kindOf(kind).place(config as never)
  const keptSecrets = sealedNames(row.sealedSecrets)
  return {
    id,
    name,
    kind,
    place,
    format,
    config,
    keptSecrets,
    source,
    provider,
    currency,
    timeZone,
    isEnabled,
    createdAtMs,
  }
}

/** The version of a row as answers carry it. */
export function decidedOf(row: SourceRow): object {
  return { ...factsOf(row), sealed: row.sealedSecrets }
}

/** When a source is pulled next: the last due instant if nobody has begun it, else the next one. */
function nextDueOf(row: SourceRow, lastRun: Run | null, nowMs: EpochMs, hourUtc: number): EpochMs | null {
  if (!row.isEnabled) return null
  const due = lastDue(nowMs, hourUtc)
  const isWaiting = row.createdAtMs < due && (lastRun === null || lastRun.dueAtMs < due)
  return isWaiting ? due : ((due + DAY_MS) as EpochMs)
}
