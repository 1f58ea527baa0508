import { eq } from 'drizzle-orm'
import { writeTransaction } from '../../db/client.ts'
import { sources } from '../../db/schema/sources.ts'
import { note } from '../audit/note.ts'
import { requireOwnSource } from '../ingest/source-name.ts'
import { allow } from '../permissions.ts'
import { seal, unseal } from '../seal.ts'
import { isChanged, requireVersion } from '../versions.ts'
import { notedOf, requireFreeName } from './create-source.ts'
import { kindOf } from './kinds/index.ts'
import {
  decidedOf,
  factsOf,
  type Source,
  type SourceId,
  type SourceRow,
  type SourceScope,
  sourceOf,
  sourceRow,
} from './source.ts'
import {
  checkedConfig,
  checkedFormat,
  checkedSecrets,
  mergedSecrets,
  requireAllowed,
  requireSameServer,
} from './source-fields.ts'
import type { SourceChanges } from './source-input.ts'

/**
 * Changes what is given and leaves the rest; secrets that are not named are kept. `config` is given whole. Where it
 * leads elsewhere, what the source remembers of files it has had is forgotten.
 *
 * @throws HelioxError not_found `sources.no_source`; precondition `request.version_changed`; conflict `sources.name_taken`
 * @throws HelioxError invalid `request.invalid`, `ingest.unknown_format`, `ingest.reserved_source`, `sources.secrets_again`,
 *   `sources.address_refused`, `secrets.unreadable`
 */
export async function updateSource(
  scope: SourceScope,
  { id, version, ...input }: SourceChanges & { id: SourceId },
): Promise<Source> {
  allow(scope, 'sources:write')
  return writeTransaction(scope.db, async (tx) => {
    const row = await sourceRow(tx, id)
    requireVersion(decidedOf(row), version)
    const before = factsOf(row)
    const { name = row.name, source = row.source, provider, timeZone, isEnabled } = input
    if (name !== row.name) await requireFreeName(tx, name, id)
    requireOwnSource(source, row.source)
    const config = input.config ? checkedConfig(row.kind, input.config) : before.config
    if (leadsElsewhere(row, before.config, config)) requireAllowed(scope.settings, config)
    const columns = {
      ...{ name, source, provider, timeZone, isEnabled },
      ...(input.currency === undefined ? {} : { currency: input.currency.toUpperCase() }),
      ...(input.format === undefined ? {} : { format: checkedFormat(row.kind, input.format) }),
      configJson: JSON.stringify(config),
      sealedSecrets: await sealedAnew(scope, row, before.config, config, input.secrets),
      ...(leadsElsewhere(row, before.config, config) ? { stateJson: '{}' } : {}),
    }
    await tx.update(sources).set(columns).where(eq(sources.id, id))
    const changed = await sourceRow(tx, id)
    if (isChanged(decidedOf(row), decidedOf(changed))) {
      const areNew = row.sealedSecrets !== changed.sealedSecrets
      const after = { ...notedOf(factsOf(changed)), ...(areNew ? { secrets: 'changed' } : {}) }
      await note(tx, scope, {
        action: 'sources.update',
        targetId: id,
        target: row.name,
        before: notedOf(before),
        after,
      })
    }
    return sourceOf(tx, scope, id)
  })
}

/** The sealed secrets once these are given; the same text where nothing about them changes. */
async function sealedAnew(
  { settings }: SourceScope,
  row: SourceRow,
  before: Source['config'],
  after: Source['config'],
  given: SourceChanges['secrets'] = {},
): Promise<string> {
  const isMoved = isChanged(before, after)
  if (!isMoved && Object.values(given).every((value) => value === '')) return row.sealedSecrets
  // All of them anew: also where SECRET_KEY has changed and the old ones cannot be read.
  const needsOld = Object.keys(kindOf(row.kind).secrets.shape).some(
    (name) => given[name] === undefined || given[name] === '',
  )
  const kept = needsOld ? await unseal(settings.secretKey, row.id, row.sealedSecrets) : {}
  requireSameServer(before, after, kept, given)
  if (Object.values(given).every((value) => value === '')) return row.sealedSecrets
  return seal(settings.secretKey, row.id, checkedSecrets(row.kind, mergedSecrets(kept, given)))
}

function leadsElsewhere({ kind }: SourceRow, before: Source['config'], after: Source['config']): boolean {
  return kindOf(kind).addressFields.some((name) => before[name] !== after[name])
}
