import { eq, or, sql } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { backendModels, backends, modelRoutes } from '../../db/schema/backends.ts'
import { teamGateway } from '../../db/schema/gateway.ts'
import { apiKeys, type KeyScope } from '../../db/schema/keys.ts'
import type { RoutingStrategy } from '../../db/units/backend-kinds.ts'
import type { KeyId, TeamId } from '../../db/units/ids.ts'
import { sha256Hex } from '../auth/digest.ts'
import type { Settings } from '../env.ts'
import type { KnownBackend } from './backends/backend.ts'
import { knownBackend } from './known-backend.ts'
import { readPrices } from './pricing/book.ts'
import type { ModelPrice } from './pricing/price.ts'

/** A backend that serves a model, and what it calls it. */
export type Served = { backend: KnownBackend; upstreamModel: string }
export type ServedModel = { strategy: RoutingStrategy; isSessionAffine: boolean; by: Served[]; sinceMs: number }
/** A key that exists and is not revoked; it may have expired, or be the text before a rotation. */
export type KnownKey = {
  id: KeyId
  name: string
  teamId: TeamId | null
  scopes: readonly KeyScope[]
  models: readonly string[] | null
  rpm: number | null
  tpm: number | null
  untilMs: number | null
}
export type TeamRules = Omit<typeof teamGateway.$inferSelect, 'teamId'>

/** A team that has decided nothing. */
export const NO_RULES: TeamRules = {
  keepsBodies: false,
  bodyDays: 30,
  redacts: true,
  cacheTtlSeconds: null,
  saysCost: true,
}

/** How long an isolate trusts what it has read without asking whether it has changed. */
const FRESH_MS = 1_000

/** All that decides how calls are answered, as one isolate keeps it: of one version of the settings. */
export class Snapshot {
  readonly version: number
  readonly models: ReadonlyMap<string, ServedModel>
  private readonly teams: ReadonlyMap<TeamId, TeamRules>
  private readonly keys = new Map<string, KnownKey | null>()
  /** By the text of a key that is known: what has been hashed once is not hashed again. */
  private readonly texts = new Map<string, KnownKey>()
  private readonly prices = new Map<string, readonly ModelPrice[]>()

  constructor(version: number, models: ReadonlyMap<string, ServedModel>, teams: ReadonlyMap<TeamId, TeamRules>) {
    this.version = version
    this.models = models
    this.teams = teams
  }

  rulesOf(team: TeamId | null): TeamRules {
    return (team !== null && this.teams.get(team)) || NO_RULES
  }

  /** The key of that text, where it was read already and is none that may be the administrator's. */
  knownKey(text: string): KnownKey | undefined {
    return this.texts.get(text)
  }

  /** The key of that text; null: none. Read once per version. */
  async key(asking: { db: Db }, text: string): Promise<KnownKey | null> {
    const key = await this.keyOfHash(asking, sha256Hex(text))
    if (key && this.texts.size < MOST_UNKNOWN) this.texts.set(text, key)
    return key
  }

  private async keyOfHash(asking: { db: Db }, hash: string): Promise<KnownKey | null> {
    const known = this.keys.get(hash)
    if (known !== undefined) return known
    const [row] = await asking.db
      .select()
      .from(apiKeys)
      .where(or(eq(apiKeys.keyHash, hash), eq(apiKeys.previousKeyHash, hash)))
    const key = row && row.revokedAtMs === null ? keyOf(row, hash) : null
    if (key !== null || this.keys.size < MOST_UNKNOWN) this.keys.set(hash, key)
    return key
  }

  /** All prices of a model, of any day. Read once per version. */
  async pricesOf(asking: { db: Db }, model: string): Promise<readonly ModelPrice[]> {
    const known = this.prices.get(model)
    if (known) return known
    const prices = await readPrices(asking.db, model)
    if (this.prices.size < MOST_UNKNOWN) this.prices.set(model, prices)
    return prices
  }
}

/** Names that strangers make up must not fill the memory. */
const MOST_UNKNOWN = 10_000

function keyOf(row: typeof apiKeys.$inferSelect, hash: string): KnownKey {
  const { id, name, teamId, rpm, tpm, expiresAtMs, previousExpiresAtMs } = row
  const ends = [expiresAtMs, row.keyHash === hash ? null : (previousExpiresAtMs ?? 0)].filter((end) => end !== null)
  return {
    ...{ id, name, teamId, rpm, tpm },
    scopes: JSON.parse(row.scopes) as KeyScope[],
    models: row.models === null ? null : (JSON.parse(row.models) as string[]),
    untilMs: ends.length > 0 ? Math.min(...ends) : null,
  }
}

type Kept = { snapshot: Snapshot; checkedAtMs: number }
const kept = new WeakMap<Settings, Kept>()

/** What `snapshotOf` needs of a request. */
export type SnapshotAsking = { db: Db; settings: Settings; now: () => number }

/** The settings of the gateway as they are, or were at most a second ago; `atLeast` a version that is known to be there. */
export async function snapshotOf(asking: SnapshotAsking, atLeast = 0): Promise<Snapshot> {
  const { settings, now } = asking
  const known = kept.get(settings)
  const isFresh = known && Math.abs(now() - known.checkedAtMs) < FRESH_MS && known.snapshot.version >= atLeast
  if (isFresh) return known.snapshot
  if (known) known.checkedAtMs = now() // others need not ask the same meanwhile
  const { db } = asking // opened only now
  const [counted] = await db.all<{ version: bigint }>(sql`select version from gateway_version where id = 1`)
  const version = Number(counted?.version ?? 1n)
  if (known && known.snapshot.version === version) return known.snapshot
  const snapshot = await readSnapshot(db, settings, version)
  kept.set(settings, { snapshot, checkedAtMs: now() })
  return snapshot
}

/** Something may have been written through this isolate: the next call asks whether. */
export function doubtSnapshot(settings: Settings): void {
  const known = kept.get(settings)
  if (known) known.checkedAtMs = Number.NEGATIVE_INFINITY
}

async function readSnapshot(db: Db, settings: Settings, version: number): Promise<Snapshot> {
  const [rows, models, routes, teams] = await Promise.all([
    db.select().from(backends).where(eq(backends.isEnabled, true)),
    db.select().from(backendModels),
    db.select().from(modelRoutes),
    db.select().from(teamGateway),
  ])
  const known = new Map<string, KnownBackend>()
  for (const row of rows) {
    const backend = await knownBackend(settings, row)
    if (backend) known.set(row.id, backend)
  }
  const served = new Map<string, ServedModel>()
  const add = (model: string, one: Served, sinceMs: number) => {
    const route = routes.find((row) => row.model === model)
    const entry = served.get(model) ?? {
      ...{ strategy: route?.strategy ?? 'weight', isSessionAffine: route?.isSessionAffine ?? false, by: [], sinceMs },
    }
    entry.by.push(one)
    served.set(model, entry)
  }
  for (const { backendId, model, upstreamModel } of models) {
    const backend = known.get(backendId)
    const row = rows.find(({ id }) => id === backendId)
    if (backend) add(model, { backend, upstreamModel }, row?.createdAtMs ?? 0)
  }
  if (settings.hasEcho) add('echo', { backend: ECHO, upstreamModel: 'echo' }, 0)
  return new Snapshot(version, served, new Map(teams.map(({ teamId, ...rules }) => [teamId, rules])))
}

/** The backend that every local run has, to try the gateway without a provider. */
const ECHO: KnownBackend = {
  ...{ id: 'echo', rowId: null, name: 'echo', kind: 'echo', baseUrl: '', secrets: {}, config: {} },
  ...{ priority: 0, weight: 1, timeoutMs: 10_000, retries: 0, maxConcurrency: null },
}
