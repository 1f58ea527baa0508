import { sql } from 'drizzle-orm'
import { check, index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { BackendKind, RoutingStrategy } from '../units/backend-kinds.ts'
import { flagColumn, idColumn, idRefColumn, instantColumn, intColumn } from './columns.ts'

/** Where the gateway sends calls. */
export const backends = sqliteTable(
  'backends',
  {
    id: idColumn('bknd'),
    name: text('name').notNull(),
    kind: text('kind').$type<BackendKind>().notNull(),
    /** Without a slash at its end; '': the kind's own address, or none. */
    baseUrl: text('base_url').notNull().default(''),
    /** Its secrets as JSON, sealed with the deployment's key; '' for none. Never leaves the Worker. */
    sealedSecrets: text('sealed_secrets').notNull().default(''),
    /** What the kind needs to know beside, as JSON without secrets: an API version, headers. */
    configJson: text('config_json').notNull().default('{}'),
    /** The lowest is asked first; the next where those before it cannot answer. */
    priority: intColumn('priority').notNull().default(sql`0`),
    /** Its part of the calls among backends of one priority. */
    weight: intColumn('weight').notNull().default(sql`1`),
    /** Until the first byte of an answer. */
    timeoutMs: intColumn('timeout_ms').notNull().default(sql`60000`),
    /** Further tries at this backend before the next one is asked; only before the first byte. */
    retries: intColumn('retries').notNull().default(sql`1`),
    /** Calls at the same time; null: no limit. */
    maxConcurrency: intColumn('max_concurrency'),
    isEnabled: flagColumn('is_enabled').notNull().default(sql`1`),
    createdAtMs: instantColumn('created_at_ms').notNull(),
  },
  (t) => [
    uniqueIndex('backends_name_key').on(sql`lower(name)`),
    check('backends_weight_ck', sql`${t.weight} >= 0`),
    check('backends_timeout_ck', sql`${t.timeoutMs} > 0`),
    check('backends_retries_ck', sql`${t.retries} >= 0`),
    check('backends_concurrency_ck', sql`${t.maxConcurrency} > 0`),
  ],
)

/** Under which names a backend is asked, and what it calls them itself. */
export const backendModels = sqliteTable(
  'backend_models',
  {
    id: idColumn('bmod'),
    backendId: idRefColumn('bknd', 'backend_id')
      .notNull()
      .references(() => backends.id, { onDelete: 'cascade' }),
    /** The name in the client's request. */
    model: text('model').notNull(),
    upstreamModel: text('upstream_model').notNull(),
  },
  (t) => [
    uniqueIndex('backend_models_key').on(t.backendId, t.model), // a backend's models; its removal
    index('backend_models_model_idx').on(t.model), // who serves a model
  ],
)

/** How backends of a model are chosen, where it is not by weight alone. */
export const modelRoutes = sqliteTable('model_routes', {
  model: text('model').primaryKey(),
  strategy: text('strategy').$type<RoutingStrategy>().notNull().default('weight'),
  /** Calls of one session (its `user`, or x-heliox-session) stay with one backend while it is well. */
  isSessionAffine: flagColumn('is_session_affine').notNull().default(sql`0`),
})

/** What a probe or the calls themselves last said of a backend; written by the meter, see worker/gateway/meter. */
export const backendHealth = sqliteTable('backend_health', {
  backendId: idRefColumn('bknd', 'backend_id')
    .primaryKey()
    .references(() => backends.id, { onDelete: 'cascade' }),
  isWell: flagColumn('is_well').notNull(),
  /** '' where it is well. */
  message: text('message').notNull().default(''),
  latencyMs: intColumn('latency_ms'),
  checkedAtMs: instantColumn('checked_at_ms').notNull(),
})
