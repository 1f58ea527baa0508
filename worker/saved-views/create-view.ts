import { and, count, eq, ne, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { savedViews } from '../../db/schema/saved-views.ts'
import type { Id, UserId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { requirePerson } from '../auth/require-person.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { alone, notedFields, type SavedViewAlone } from './saved-view.ts'
import type { NewView } from './view-input.ts'

/** So that nobody fills the table. */
const MOST_VIEWS = 200
/** … and nobody the navigation of all others. */
const MOST_SHARED = 20

/**
 * Keeps an address of the dashboard under a name.
 *
 * @throws HelioxError forbidden `auth.people_only`, `auth.role` for a viewer who shares; conflict
 *   `saved_views.name_taken`, `saved_views.too_many`, `saved_views.too_many_shared`
 */
export async function createView(scope: Scope, input: z.output<typeof NewView>): Promise<SavedViewAlone> {
  allow(scope, 'views:write')
  const { userId } = requirePerson(scope)
  return writeTransaction(scope.db, async (tx) => {
    await requireRoom(tx, userId)
    if (input.isShared) await requireMayShare(tx, scope, userId)
    await requireFreeName(tx, userId, input.name)
    const times = { createdAtMs: scope.now(), changedAtMs: scope.now() }
    const [made] = await tx
      .insert(savedViews)
      .values({ ...input, userId, ...times })
      .returning()
    if (!made) throw new Error('the view was not stored')
    await note(tx, scope, {
      ...{ action: 'saved_views.create', targetId: made.id, target: made.name },
      after: notedFields(made),
    })
    return alone(scope, made)
  })
}

/** One name is one view of a person. @throws HelioxError conflict `saved_views.name_taken` */
export async function requireFreeName(tx: Tx, userId: UserId, name: string, except?: Id<'view'>): Promise<void> {
  const [same] = await tx
    .select({ name: savedViews.name })
    .from(savedViews)
    .where(
      and(
        eq(savedViews.userId, userId),
        sql`${savedViews.name} = ${name} collate nocase`,
        except && ne(savedViews.id, except),
      ),
    )
  if (same) throw new HelioxError('conflict', 'saved_views.name_taken', `There is a view called ${same.name} already`)
}

/**
 * One more of a person's views may stand in everybody's navigation.
 *
 * @throws HelioxError forbidden `auth.role`; conflict `saved_views.too_many_shared`
 */
export async function requireMayShare(tx: Tx, scope: Scope, userId: UserId): Promise<void> {
  allow(scope, 'views:share')
  const [own] = await tx
    .select({ total: count().mapWith(Number) })
    .from(savedViews)
    .where(and(eq(savedViews.userId, userId), eq(savedViews.isShared, true)))
  if ((own?.total ?? 0) < MOST_SHARED) return
  const message = `${MOST_SHARED} views are shared already, which is as many as one person may: take one back first`
  throw new HelioxError('conflict', 'saved_views.too_many_shared', message)
}

/** @throws HelioxError conflict `saved_views.too_many` */
async function requireRoom(tx: Tx, userId: UserId): Promise<void> {
  const [own] = await tx
    .select({ total: count().mapWith(Number) })
    .from(savedViews)
    .where(eq(savedViews.userId, userId))
  if ((own?.total ?? 0) < MOST_VIEWS) return
  throw new HelioxError('conflict', 'saved_views.too_many', `You keep ${MOST_VIEWS} views: remove one first`)
}
