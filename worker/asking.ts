import type { Db } from '../db/client.ts'
import type { EpochMs } from '../db/units/time.ts'
import type { BackupStore } from './backups/backup-store.ts'
import type { Settings } from './env.ts'
import { HelioxError } from './errors.ts'
import type { MeterHandle } from './gateway/meter/meter-of.ts'
import type { Log } from './log.ts'
import type { Actor, Origin, Scope } from './scope.ts'
import type { KeptFiles } from './uploads/kept-files.ts'

/** One request as both wires see it, before anybody knows who asks. */
export type Asking = {
  db: Db
  now: () => EpochMs
  log: Log
  settings: Settings
  /** Where large files wait to be read; null: this deployment keeps none. */
  kept: KeptFiles | null
  /** Where backups are kept; null: this deployment keeps none. */
  backups: BackupStore | null
  /** What sees every call of the gateway; null: this deployment has none. */
  meter: MeterHandle | null
  requestId: string
  request: Request
  /** The client's address, as the runtime in front of us saw it; '' where it did not say. */
  address: string
  /** Headers that the answer will carry: where a sign-in puts its cookie. */
  answerHeaders: Headers
  /** Lets work go on after the answer has been sent, and after a client has hung up. */
  outlive: (work: Promise<unknown>) => void
  /** Who asks; null for a stranger. Throws unauthenticated for credentials that are wrong or have expired. */
  actor: () => Promise<Actor | null>
}

/** The scope of a signed-in user (or of a key). Throws unauthenticated `auth.no_actor` for a stranger. */
export async function userScope(asking: Asking): Promise<Scope> {
  const actor = await asking.actor()
  if (!actor) throw new HelioxError('unauthenticated', 'auth.no_actor', 'Not authenticated: sign in or send a token')
  return scopeAs(asking, actor)
}

/** The scope of a known actor. */
export function scopeAs(asking: Asking, actor: Actor): Scope {
  const { db, now, log, settings } = asking
  return { db, now, log, actor, origin: originOf(asking), isolate: settings } // settings are read once in an isolate
}

export function originOf({ address, requestId }: Pick<Asking, 'address' | 'requestId'>): Origin {
  return { address, requestId }
}
