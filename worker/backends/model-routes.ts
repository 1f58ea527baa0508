import { asc, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Db, type Tx, writeTransaction } from '../../db/client.ts'
import { backendModels, backends, modelRoutes } from '../../db/schema/backends.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import { isChanged } from '../versions.ts'
import type { BackendScope } from './backend.ts'
import type { RouteChange } from './backend-input.ts'
import { ModelRoute, orderNow, type Routable } from './route-order.ts'
import { type Standings, standingsOf } from './standings.ts'

export const RoutePage = PageOf('routes', ModelRoute)
const Saved = z.object({ strategy: ModelRoute.shape.strategy, isSessionAffine: ModelRoute.shape.isSessionAffine })
type Saved = z.output<typeof Saved>
const USUAL: Saved = { strategy: 'weight', isSessionAffine: false }

/** Every model that is served, by name: how its backends are chosen, and in which order they would be asked now. */
export async function listRoutes(
  scope: BackendScope,
  page: { skip: number; limit: number },
): Promise<z.output<typeof RoutePage>> {
  allow(scope, 'backends:read')
  const routes = await routesNow(scope, await standingsOf(scope))
  return pageOf('routes', routes.slice(page.skip, page.skip + page.limit), routes.length, page, false)
}

/** All models with their order as of now. */
export async function routesNow(
  { db, settings }: Pick<BackendScope, 'db' | 'settings'>,
  standings: Standings,
): Promise<ModelRoute[]> {
  const served = await servedBy(db)
  if (settings.hasEcho) served.set('echo', [...(served.get('echo') ?? []), OWN_ECHO])
  const saved = new Map((await db.select().from(modelRoutes)).map((route) => [route.model, route]))
  return [...served].sort(byName).map(([model, by]) => {
    const { strategy, isSessionAffine } = saved.get(model) ?? USUAL
    return { model, strategy, isSessionAffine, order: orderNow(by, strategy, standings) }
  })
}

/** As the snapshot has it, see worker/gateway/snapshot.ts. */
const OWN_ECHO: Routable = {
  ...{ id: 'echo', name: 'echo', priority: 0, weight: 1, maxConcurrency: null, enabled: true },
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}

async function servedBy(db: Pick<Db, 'select'>): Promise<Map<string, Routable[]>> {
  const rows = await db
    .select({ model: backendModels.model, row: backends })
    .from(backendModels)
    .innerJoin(backends, eq(backends.id, backendModels.backendId))
    .orderBy(asc(sql`lower(${backends.name})`))
  const served = new Map<string, Routable[]>()
  for (const { model, row } of rows) {
    const { id, name, priority, weight, maxConcurrency, isEnabled } = row
    const one = { id, name, priority, weight, maxConcurrency, enabled: isEnabled }
    served.set(model, [...(served.get(model) ?? []), one])
  }
  return served
}

/**
 * Says how the backends of a model are chosen; what is not given stays.
 * @throws HelioxError not_found `backends.no_model`: no backend serves it
 */
export async function setRoute(scope: BackendScope, { model, ...change }: RouteChange): Promise<ModelRoute> {
  allow(scope, 'backends:write')
  await writeTransaction(scope.db, async (tx) => {
    const [served] = await tx.select().from(backendModels).where(eq(backendModels.model, model)).limit(1)
    if (!served) throw new HelioxError('not_found', 'backends.no_model', `No backend serves the model ${model}`)
    const [row] = await tx.select().from(modelRoutes).where(eq(modelRoutes.model, model))
    const before: Saved = row ? { strategy: row.strategy, isSessionAffine: row.isSessionAffine } : USUAL
    const after: Saved = {
      strategy: change.strategy ?? before.strategy,
      isSessionAffine: change.isSessionAffine ?? before.isSessionAffine,
    }
    if (!isChanged(before, after)) return
    await tx
      .insert(modelRoutes)
      .values({ model, ...after })
      .onConflictDoUpdate({ target: modelRoutes.model, set: after })
    await note(tx, scope, { action: 'backends.set_route', targetId: model, target: model, before, after })
  })
  const route = (await routesNow(scope, await standingsOf(scope))).find((one) => one.model === model)
  if (!route) throw new HelioxError('not_found', 'backends.no_model', `No backend serves the model ${model}`)
  return route
}

/** Forgets how models are routed that nobody serves any more. */
export async function forgetUnserved(tx: Tx): Promise<void> {
  await tx.run(sql`delete from model_routes where model not in (select model from backend_models)`)
}
