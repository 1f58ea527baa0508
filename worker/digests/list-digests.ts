import type { z } from 'zod'
import type { DigestId } from '../../db/units/ids.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { countDigests, readDigest, Subscription, selectDigests } from './subscription.ts'

export const DigestPage = PageOf('digests', Subscription)

/** Subscriptions by name. */
export async function listDigests(
  scope: Scope,
  page: { skip: number; limit: number },
): Promise<z.output<typeof DigestPage>> {
  allow(scope, 'alerts:read')
  const rows = await selectDigests(scope.db, scope, undefined, page)
  return pageOf('digests', rows, await countDigests(scope.db, scope), page, visibleTeams(scope) !== null)
}

/** @throws HelioxError not_found `digests.no_digest` */
export async function oneDigest(scope: Scope, { id }: { id: DigestId }): Promise<Subscription> {
  allow(scope, 'alerts:read')
  return readDigest(scope.db, scope, id)
}
