import type { Db } from '../../db/client.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { DEFAULT_RPM, type Key, keyOf } from './key.ts'

/** What a key may do and for how long, apart from whose it is. */
export type KeyPowers = Pick<
  Key,
  'teamId' | 'scopes' | 'models' | 'rpm' | 'tpm' | 'monthlyLimitNanoUsd' | 'expiresAtMs'
>

/** @throws HelioxError invalid `keys.admin_of_a_team`: what an administrator may do is not one team's */
export function requireFittingScopes({ teamId, scopes }: Pick<KeyPowers, 'teamId' | 'scopes'>): void {
  if (teamId === null || !scopes.includes('admin')) return
  const message = 'The scope admin is for keys of the whole company: leave out the team, or the scope'
  throw new HelioxError('invalid', 'keys.admin_of_a_team', message, { details: [`scopes: ${message}`] })
}

/**
 * A key may neither make nor change a key, nor come by one through a rotation, that outranks itself: what was limited
 * for it stays limited. (Only keys with the scope `admin` get here, so scopes need no comparison.) People and the
 * deployment's admin key have no such limits.
 *
 * @throws HelioxError forbidden `keys.outranks`
 */
export async function requireNotAbove(
  reader: { select: Db['select'] },
  scope: Pick<Scope, 'actor' | 'now'>,
  wanted: KeyPowers,
): Promise<void> {
  const { keyId } = scope.actor
  if (keyId === null) return
  const own = await keyOf(reader, scope, keyId)
  const problem = whatIsAbove(own, wanted)
  if (!problem) return
  throw new HelioxError('forbidden', 'keys.outranks', `A key cannot hand out more than it has itself: ${problem}`)
}

/**
 * A developer may tighten a key that somebody else made, and not loosen it: its limits may be an administrator's.
 *
 * @throws HelioxError forbidden `keys.not_yours`
 */
export function requireNotLoosened({ actor }: Pick<Scope, 'actor'>, before: Key, after: KeyPowers): void {
  if (actor.role === 'admin' || before.createdBy?.id === actor.userId) return
  const isWider = after.scopes.some((name) => !before.scopes.includes(name))
  const problem = isWider ? 'it has fewer scopes' : whatIsAbove(before, after)
  if (!problem) return
  const message = `Somebody else made this key, so you can only tighten it: ${problem}`
  throw new HelioxError('forbidden', 'keys.not_yours', message)
}

function whatIsAbove(own: KeyPowers, wanted: KeyPowers): string | null {
  const { expiresAtMs, models, rpm, tpm, monthlyLimitNanoUsd } = wanted
  if (own.expiresAtMs !== null && (expiresAtMs === null || expiresAtMs > own.expiresAtMs)) return 'it expires earlier'
  if (own.models !== null && !models?.every((model) => own.models?.includes(model))) return 'it may ask fewer models'
  if ((rpm ?? DEFAULT_RPM) > (own.rpm ?? DEFAULT_RPM)) return 'it has fewer requests per minute'
  if (own.tpm !== null && (tpm === null || tpm > own.tpm)) return 'it has fewer tokens per minute'
  const limit = own.monthlyLimitNanoUsd
  if (limit !== null && (monthlyLimitNanoUsd === null || monthlyLimitNanoUsd > limit)) return 'it may spend less'
  return null
}
