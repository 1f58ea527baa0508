import type { Db } from '../db/client.ts'
import type { KeyScope } from '../db/schema/keys.ts'
import type { Role } from '../db/schema/users.ts'
import type { KeyId, TeamId, UserId } from '../db/units/ids.ts'
import type { EpochMs } from '../db/units/time.ts'
import type { Log } from './log.ts'

export type { KeyScope } from '../db/schema/keys.ts'
export type { Role } from '../db/schema/users.ts'

/** Who asks. `userId` is null for machines: API keys, the admin key, the clock. */
export type Actor = {
  readonly userId: UserId | null
  readonly keyId: KeyId | null
  /** E-mail, or the key's name. */
  readonly label: string
  readonly role: Role
  /** Whose rows it sees, sorted; null: everybody's, and what belongs to no team. */
  readonly teamIds: readonly TeamId[] | null
  /** What an API key is limited to, below its role; null: all that the role allows. */
  readonly keyScopes: readonly KeyScope[] | null
  /** Which of the person's sessions this is; null for machines. */
  readonly sessionFamily: string | null
}

/** Where a call came from, for the audit log; empty for what Heliox does by itself. */
export type Origin = { readonly address: string; readonly requestId: string }

/** All a verb may see: which database, what time, on whose behalf and from where, where to log. No headers, no wire. */
export type Scope = {
  readonly db: Db
  readonly now: () => EpochMs
  readonly actor: Actor
  readonly origin: Origin
  readonly log: Log
  /** Lives as long as the isolate: what one keeps between requests is kept under it. Absent: nothing is. */
  readonly isolate?: object
}

/** Heliox itself, or who holds the admin key: an administrator without an account. */
export function machine(label: string): Actor {
  return { userId: null, keyId: null, label, role: 'admin', teamIds: null, keyScopes: null, sessionFamily: null }
}

/** The origin of what nobody asked for. */
export const INSIDE: Origin = { address: '', requestId: '' }
