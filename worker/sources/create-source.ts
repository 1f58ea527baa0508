import { eq, sql } from 'drizzle-orm'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { sources } from '../../db/schema/sources.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { requireOwnSource } from '../ingest/source-name.ts'
import { allow } from '../permissions.ts'
import { seal } from '../seal.ts'
import { factsOf, type Source, type SourceId, type SourceScope, sourceOf, sourceRow } from './source.ts'
import { checkedConfig, checkedFormat, checkedSecrets, givenSecrets, requireAllowed } from './source-fields.ts'
import type { NewSource } from './source-input.ts'

/**
 * Sets up a source. It is pulled at the next due instant; its secrets are sealed at once.
 *
 * @throws HelioxError invalid `request.invalid`, `ingest.unknown_format`, `ingest.reserved_source`, `sources.address_refused`
 * @throws HelioxError conflict `sources.name_taken`
 */
export async function createSource(scope: SourceScope, input: NewSource): Promise<Source> {
  allow(scope, 'sources:write')
  const { kind, name, provider, currency, timeZone, source, isEnabled } = input
  requireOwnSource(source)
  const format = checkedFormat(kind, input.format)
  const config = checkedConfig(kind, input.config)
  requireAllowed(scope.settings, config)
  const configJson = JSON.stringify(config)
  const secrets = checkedSecrets(kind, givenSecrets(input.secrets))
  return writeTransaction(scope.db, async (tx) => {
    await requireFreeName(tx, name)
    const row = {
      ...{ name, kind, format, configJson, source, provider, timeZone, isEnabled, currency: currency.toUpperCase() },
      ...{ userId: scope.actor.userId, createdAtMs: scope.now() },
    }
    const [made] = await tx.insert(sources).values(row).returning({ id: sources.id })
    if (!made) throw new Error('no source was stored')
    const sealedSecrets = await seal(scope.settings.secretKey, made.id, secrets) // bound to the id, so known only now
    await tx.update(sources).set({ sealedSecrets }).where(eq(sources.id, made.id))
    const after = notedOf(factsOf(await sourceRow(tx, made.id)))
    await note(tx, scope, { action: 'sources.create', targetId: made.id, target: name, before: null, after })
    return sourceOf(tx, scope, made.id)
  })
}

/** @throws HelioxError conflict `sources.name_taken` */
export async function requireFreeName(tx: Tx, name: string, own?: SourceId): Promise<void> {
  const [other] = await tx.select({ id: sources.id }).from(sources).where(sql`lower(${sources.name}) = lower(${name})`)
  if (!other || other.id === own) return
  const details = [`name: there is another source of this name`]
  throw new HelioxError('conflict', 'sources.name_taken', `There is already a source called ${name}`, { details })
}

/** What the audit log keeps of a source: names of secrets, never their values. */
export function notedOf({ id, createdAtMs, place, ...facts }: ReturnType<typeof factsOf>) {
  return facts
}
