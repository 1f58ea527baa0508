import { and, eq, or, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { savedViews } from '../../db/schema/saved-views.ts'
import type { Id, UserId } from '../../db/units/ids.ts'
import { AnsweredId, Instant, Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'

/** An address of the dashboard under a name. What it shows is up to who opens it: sharing a view shares no figure. */
export const SavedView = z.object({
  id: AnsweredId('view'),
  name: z.string().meta({ examples: ['Idle GPUs of last month'] }),
  address: z
    .string()
    .describe('Path and query below the dashboard')
    .meta({ examples: ['/utilization?range=last-month'] }),
  isShared: z.boolean().describe('Everybody who signs in finds it; a developer or higher shares, 20 views at most'),
  isMine: z.boolean(),
  createdAtMs: Instant,
  changedAtMs: Instant,
})
export type SavedView = z.output<typeof SavedView>

export const SavedViewAlone = SavedView.extend({ version: Version })
export type SavedViewAlone = z.output<typeof SavedViewAlone>

/** A stored view. */
export type StoredView = Omit<SavedView, 'isMine'> & { userId: UserId }

/** What can read: the database, or a transaction. */
type Reader = Pick<Scope['db'], 'select'>

/** Views that the actor finds: their own, and those that are shared. */
export function isFound({ actor }: Pick<Scope, 'actor'>): SQL | undefined {
  return or(actor.userId === null ? undefined : eq(savedViews.userId, actor.userId), eq(savedViews.isShared, true))
}

/** One view. @throws HelioxError not_found `saved_views.no_view`, for another's own as for one that never was */
export async function savedView(scope: Scope, { id }: { id: Id<'view'> }): Promise<SavedViewAlone> {
  allow(scope, 'views:read')
  return alone(scope, await readView(scope.db, scope, id))
}

/** The stored view, if the actor finds it. @throws HelioxError not_found `saved_views.no_view` */
export async function readView(reader: Reader, scope: Pick<Scope, 'actor'>, id: Id<'view'>): Promise<StoredView> {
  const [row] = await reader
    .select()
    .from(savedViews)
    .where(and(eq(savedViews.id, id), isFound(scope)))
  if (!row) throw new HelioxError('not_found', 'saved_views.no_view', `There is no saved view ${id}`)
  return row
}

/**
 * The stored view, for who may change it: its maker, and for one that is shared an administrator.
 *
 * @throws HelioxError not_found `saved_views.no_view`; forbidden `saved_views.not_yours`
 */
export async function readOwnView(reader: Reader, scope: Pick<Scope, 'actor'>, id: Id<'view'>): Promise<StoredView> {
  const view = await readView(reader, scope, id)
  if (view.userId === scope.actor.userId || scope.actor.role === 'admin') return view
  throw new HelioxError(
    'forbidden',
    'saved_views.not_yours',
    'Only who made this view, or an administrator, changes it',
  )
}

/** A view as its asker sees it: whose it is stays with its maker. */
export function seenView({ actor }: Pick<Scope, 'actor'>, { userId, ...view }: StoredView): SavedView {
  return { ...view, isMine: userId === actor.userId }
}

/** The same with its version. */
export function alone(scope: Pick<Scope, 'actor'>, stored: StoredView): SavedViewAlone {
  return versioned(seenView(scope, stored))
}

/** What the audit log keeps of a view. */
export function notedFields({ name, address, isShared }: StoredView) {
  return { name, address, isShared }
}
