import type { KeyScope } from '../../db/schema/keys.ts'
import { rowOf, type TeamId } from '../../db/units/ids.ts'
import type { Asking } from '../asking.ts'
import { adminKeyActor } from '../auth/admin-key.ts'
import { isSameSecret } from '../auth/digest.ts'
import { DEFAULT_RPM } from '../keys/key.ts'
import { isKeyText } from '../keys/key-text.ts'
import { allow } from '../permissions.ts'
import type { Actor } from '../scope.ts'
import type { Caller } from './meter/messages.ts'
import { OpenAiError } from './openai-error.ts'
import type { Snapshot } from './snapshot.ts'

/** Who calls a model, and within which limits of a credential. */
export type GatewayCaller = Caller & {
  /** Models that it may ask; null: all. */
  models: readonly string[] | null
  rpm: number | null
  tpm: number | null
}

/** What is asked of the gateway. */
type Need = 'inference' | 'models' | 'usage'

const SCOPES: Record<Need, readonly KeyScope[]> = {
  inference: ['inference'],
  models: ['inference', 'models:read'],
  usage: ['inference', 'usage:read'],
}

/**
 * Who calls: the key of a client (from the snapshot, without a question to the database), else whoever the other wires know by
 * the same credentials. A person calls for a team of theirs, which `x-heliox-team` names where they have several. Unknown,
 * expired and revoked keys are refused in the same words.
 *
 * @throws OpenAiError 401 `invalid_api_key`, 403 `permission_denied`; HelioxError what credentials of the other kinds throw
 */
export async function callerOf(asking: Asking, snapshot: Snapshot, need: Need): Promise<GatewayCaller> {
  const { request, now, settings } = asking
  const text = keyTextIn(request)
  const known = text === null ? undefined : snapshot.knownKey(text)
  if (text !== null && (known || (isKeyText(text) && !isSameSecret(text, settings.adminApiKey)))) {
    const key = known ?? (await snapshot.key(asking, text))
    if (!key || (key.untilMs !== null && key.untilMs <= now())) throw unknownKey(text)
    if (!key.scopes.includes('admin') && !SCOPES[need].some((scope) => key.scopes.includes(scope)))
      throw new OpenAiError(
        403,
        'permission_denied',
        `This needs an API key with the scope ${SCOPES[need].join(' or ')}`,
      )
    const { id: keyId, teamId, models, tpm } = key
    return { keyId, teamId, userId: null, models, rpm: key.rpm ?? DEFAULT_RPM, tpm }
  }
  const actor = text === null ? await asking.actor() : await actorOfText(asking, text)
  if (!actor)
    throw new OpenAiError(401, 'invalid_api_key', 'You did not send an API key: set it as Authorization: Bearer hlx_…')
  allow({ actor }, 'models:call')
  const limits = { models: null, rpm: actor.userId === null ? null : DEFAULT_RPM, tpm: null }
  return { keyId: actor.keyId, userId: actor.userId, teamId: teamOf(actor, request), ...limits }
}

/** An access token and the admin key come in the same headers. */
async function actorOfText(asking: Asking, text: string): Promise<Actor | null> {
  return isSameSecret(text, asking.settings.adminApiKey) ? adminKeyActor(asking, text) : asking.actor()
}

/** What stands where clients put their key; Azure's call it `api-key`. */
function keyTextIn({ headers }: Request): string | null {
  const [scheme = '', text] = (headers.get('authorization') ?? '').split(/\s+/)
  if (scheme.toLowerCase() === 'bearer' && text) return text
  return headers.get('x-api-key') ?? headers.get('api-key')
}

function teamOf({ teamIds }: Actor, { headers }: Request): TeamId | null {
  const asked = headers.get('x-heliox-team')
  if (asked) {
    const isOwn = rowOf('team', asked) !== null && (teamIds === null || teamIds.includes(asked as TeamId))
    if (!isOwn) throw new OpenAiError(403, 'permission_denied', `You are not in the team ${asked.slice(0, 40)}`)
    return asked as TeamId
  }
  if (teamIds === null) return null
  if (teamIds.length === 1) return teamIds[0] as TeamId
  const words = teamIds.length === 0 ? 'You are in no team yet' : 'Say for which of your teams: x-heliox-team'
  throw new OpenAiError(403, 'permission_denied', words)
}

function unknownKey(text: string): OpenAiError {
  const shown = text.length > 12 ? `${text.slice(0, 8)}…${text.slice(-4)}` : '…'
  return new OpenAiError(401, 'invalid_api_key', `Incorrect API key provided: ${shown}`)
}
