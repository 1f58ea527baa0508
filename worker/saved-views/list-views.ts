import { asc, count, sql } from 'drizzle-orm'
import { z } from 'zod'
import { savedViews } from '../../db/schema/saved-views.ts'
import { rowOf } from '../../db/units/ids.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { Paging } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isFound, SavedView, seenView } from './saved-view.ts'

export const ViewsAsked = z.object(Paging)
export const ViewsPage = PageOf('savedViews', SavedView)

/** The actor's own views by name, then those that others share; a machine finds the shared ones. */
export async function listViews(
  scope: Scope,
  paging: z.output<typeof ViewsAsked>,
): Promise<z.output<typeof ViewsPage>> {
  allow(scope, 'views:read')
  const { skip, limit } = paging
  const me = BigInt(scope.actor.userId === null ? 0 : (rowOf('user', scope.actor.userId) ?? 0))
  const rows = await scope.db
    .select()
    .from(savedViews)
    .where(isFound(scope))
    .orderBy(sql`${savedViews.userId} <> ${me}`, sql`${savedViews.name} collate nocase`, asc(savedViews.id))
    .limit(limit)
    .offset(skip)
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(savedViews)
    .where(isFound(scope))
  const seen = rows.map((row) => seenView(scope, row))
  return pageOf('savedViews', seen, all?.total ?? 0, paging, false)
}
