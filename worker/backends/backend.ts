import { asc, count, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { backendHealth, backendModels, backends } from '../../db/schema/backends.ts'
import { BACKEND_KINDS } from '../../db/units/backend-kinds.ts'
import type { BackendId } from '../../db/units/ids.ts'
import { AnsweredId, Instant, Version } from '../answer-fields.ts'
import type { Asking } from '../asking.ts'
import type { Settings } from '../env.ts'
import { HelioxError } from '../errors.ts'
import type { MeterHandle } from '../gateway/meter/meter-of.ts'
import type { Scope } from '../scope.ts'
import { sealedNames } from '../seal.ts'
import { versionOf } from '../versions.ts'
import type { BackendConfig } from './backend-input.ts'

/** What this room needs of the deployment. */
export type BackendSettings = Pick<Settings, 'secretKey' | 'allowPrivateBackends' | 'environment' | 'hasEcho'>
export type BackendScope = Scope & { settings: BackendSettings; meter: MeterHandle | null }
export type BackendRow = typeof backends.$inferSelect
export type ModelNames = { model: string; upstreamModel: string }

/** A scope of this room, of a request's. */
export function inBackends(scope: Scope, { settings, meter }: Pick<Asking, 'settings' | 'meter'>): BackendScope {
  return { ...scope, settings, meter }
}

const whole = () => z.number().int()

/** What the last probe said, and what calls see of a backend. */
export const BackendHealth = z.object({
  isWell: z.boolean().nullable().describe('By the last probe; null: there was none yet'),
  message: z.string().describe('Why it is not well; empty where it is'),
  checkedAtMs: Instant.nullable(),
  answeredAtMs: Instant.nullable().describe('When a call last went well, among the newest 500; null: none did'),
  breaker: z
    .enum(['closed', 'open', 'half-open'])
    .describe('Open: it is not asked, after five failures one after the other. Half-open: one call tries it again'),
  openUntilMs: whole()
    .nullable()
    .describe('Milliseconds since 1970')
    .meta({ examples: [1_772_366_400_000] }),
  inFlight: whole().describe('Calls that were sent there first and have not ended'),
  failures: whole().describe('One after the other, up to now'),
  latencyMs: whole().nullable().describe('Of calls that went well, smoothed; null: none yet'),
  lastError: z.string(),
})

/** Where the gateway sends calls. Of its key only whether there is one. */
export const Backend = z.object({
  id: AnsweredId('bknd'),
  name: z.string().meta({ examples: ['vllm-a100'] }),
  kind: z.enum(BACKEND_KINDS),
  baseUrl: z.string().describe('Empty: the kind’s own'),
  hasApiKey: z.boolean().describe('The key itself is never shown'),
  models: z.array(
    z.object({
      model: z.string(),
      upstreamModel: z.string(),
      place: whole()
        .nullable()
        .describe('In the order in which backends of the model would be asked now; null: passed over'),
      why: z.string(),
    }),
  ),
  priority: whole(),
  weight: whole(),
  timeoutMs: whole(),
  retries: whole(),
  maxConcurrency: whole().nullable(),
  config: z.object({
    provider: z.string().optional(),
    headers: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
    apiVersion: z.string().optional(),
    accountId: z.string().optional(),
    version: z.string().optional(),
    beta: z.string().optional(),
    maxTokens: whole().optional(),
    thinking: z.enum(['adaptive', 'budget']).optional(),
  }),
  enabled: z.boolean(),
  createdAtMs: Instant,
  health: BackendHealth,
  version: Version,
})
export type Backend = z.output<typeof Backend>

type Reader = Pick<Db, 'select'>

/** @throws HelioxError not_found `backends.no_backend` */
export async function backendRow(reader: Reader, id: BackendId): Promise<BackendRow> {
  const [row] = await reader.select().from(backends).where(eq(backends.id, id))
  if (!row) throw new HelioxError('not_found', 'backends.no_backend', `There is no backend ${id}`)
  return row
}

/** The models of those backends, by name. */
export async function modelsOf(reader: Reader, ids: readonly BackendId[]): Promise<Map<BackendId, ModelNames[]>> {
  const rows = await reader
    .select()
    .from(backendModels)
    .where(inArray(backendModels.backendId, [...ids]))
    .orderBy(asc(backendModels.model))
  const models = new Map<BackendId, ModelNames[]>()
  for (const { backendId, model, upstreamModel } of rows)
    models.set(backendId, [...(models.get(backendId) ?? []), { model, upstreamModel }])
  return models
}

/** A backend's row with its models. @throws HelioxError not_found `backends.no_backend` */
export async function decidedRow(reader: Reader, id: BackendId): Promise<{ row: BackendRow; models: ModelNames[] }> {
  const row = await backendRow(reader, id)
  return { row, models: (await modelsOf(reader, [id])).get(id) ?? [] }
}

export async function countBackends(db: Db): Promise<number> {
  const [all] = await db.select({ total: count().mapWith(Number) }).from(backends)
  return all?.total ?? 0
}

/** Rows by name, each with what the last probe said of it. */
export async function backendRows(db: Db, where?: SQL, page = { skip: 0, limit: 1_000 }) {
  return db
    .select({ row: backends, probed: backendHealth })
    .from(backends)
    .leftJoin(backendHealth, eq(backendHealth.backendId, backends.id))
    .where(where)
    .orderBy(asc(sql`lower(${backends.name})`))
    .limit(page.limit)
    .offset(page.skip)
}

/** What people decide about a backend, as answers and the audit log name it: no secret, and nothing that calls change. */
export function factsOf(row: BackendRow, models: readonly ModelNames[]) {
  const { id, name, kind, baseUrl, priority, weight, timeoutMs, retries, maxConcurrency, createdAtMs } = row
  return {
    ...{ id, name, kind, baseUrl, hasApiKey: sealedNames(row.sealedSecrets).includes('apiKey'), models },
    ...{ priority, weight, timeoutMs, retries, maxConcurrency, config: configOf(row.configJson) },
    ...{ enabled: row.isEnabled, createdAtMs },
  }
}

/** What the audit log keeps of them. */
export function notedOf(row: BackendRow, models: readonly ModelNames[]) {
  const { id, createdAtMs, ...facts } = factsOf(row, models)
  return facts
}

/** What the version of a backend is made of. */
export function decidedOf({ row, models }: { row: BackendRow; models: readonly ModelNames[] }): object {
  return { ...factsOf(row, models), sealed: row.sealedSecrets }
}

export function versionOfBackend(row: BackendRow, models: readonly ModelNames[]): string {
  return versionOf(decidedOf({ row, models }))
}

/** As it is stored: headers by their name, as backends send them. */
export function configJson({ headers, ...config }: BackendConfig): string {
  const byName = Object.fromEntries((headers ?? []).map(({ name, value }) => [name, value]))
  return JSON.stringify({ ...config, ...(headers?.length ? { headers: byName } : {}) })
}

function configOf(json: string): Backend['config'] {
  const { headers, ...config } = JSON.parse(json) as Omit<Backend['config'], 'headers'> & {
    headers?: Record<string, string>
  }
  const listed = Object.entries(headers ?? {}).map(([name, value]) => ({ name, value }))
  return { ...config, ...(listed.length > 0 ? { headers: listed } : {}) }
}
