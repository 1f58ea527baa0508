import type { Db } from '../db/client.ts'
import type { UserId } from '../db/units/ids.ts'
import type { EpochMs } from '../db/units/time.ts'
import type { Log } from './log.ts'

export type Role = 'admin' | 'finance' | 'developer' | 'viewer'

/** Who asks. `userId` is null for the admin key and for the clock. */
export type Actor = { readonly userId: UserId | null; readonly label: string; readonly role: Role }

/** All a verb may see: which database, what time, on whose behalf, where to log. No headers, no wire. */
export type Scope = {
  readonly db: Db
  readonly now: () => EpochMs
  readonly actor: Actor
  readonly log: Log
}
