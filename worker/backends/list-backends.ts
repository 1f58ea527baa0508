import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { backends } from '../../db/schema/backends.ts'
import type { BackendId } from '../../db/units/ids.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import {
  Backend,
  type BackendScope,
  backendRows,
  countBackends,
  factsOf,
  modelsOf,
  versionOfBackend,
} from './backend.ts'
import { routesNow } from './model-routes.ts'
import { recentCalls } from './recent-calls.ts'
import { healthOf, standingsOf } from './standings.ts'

export const BackendPage = PageOf('backends', Backend)

/** Backends by name, each with its health and its place in the order of every model it serves. */
export async function listBackends(
  scope: BackendScope,
  page: { skip: number; limit: number },
): Promise<z.output<typeof BackendPage>> {
  allow(scope, 'backends:read')
  const rows = await backendRows(scope.db, undefined, page)
  return pageOf('backends', await shown(scope, rows), await countBackends(scope.db), page, false)
}

/** @throws HelioxError not_found `backends.no_backend` */
export async function oneBackend(scope: BackendScope, { id }: { id: BackendId }): Promise<Backend> {
  allow(scope, 'backends:read')
  const [backend] = await shown(scope, await backendRows(scope.db, eq(backends.id, id)))
  if (!backend) throw new HelioxError('not_found', 'backends.no_backend', `There is no backend ${id}`)
  return backend
}

async function shown(scope: BackendScope, rows: Awaited<ReturnType<typeof backendRows>>): Promise<Backend[]> {
  const ids = rows.map(({ row }) => row.id)
  await scope.meter?.flush().catch(() => undefined) // who has just called sees that it answered
  const [models, standings, recent] = await Promise.all([
    modelsOf(scope.db, ids),
    standingsOf(scope),
    recentCalls(scope),
  ])
  const routes = new Map((await routesNow(scope, standings)).map((route) => [route.model, route]))
  const places = (id: BackendId, model: string) => {
    const found = routes.get(model)?.order.find(({ backendId }) => backendId === id)
    return { place: found?.place ?? null, why: found?.why ?? '' }
  }
  return Promise.all(
    rows.map(async ({ row, probed }) => {
      const own = models.get(row.id) ?? []
      return {
        ...factsOf(row, own),
        models: own.map((names) => ({ ...names, ...places(row.id, names.model) })),
        health: await healthOf(scope, row, probed, standings.get(row.id), recent.get(row.id)),
        version: versionOfBackend(row, own),
      }
    }),
  )
}
