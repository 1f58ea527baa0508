import { z } from 'zod'
import type { BackendId } from '../../db/units/ids.ts'
import type { KnownBackend } from '../gateway/backends/backend.ts'
import { type Probed, probe } from '../gateway/probe.ts'
import { IdText } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import { unseal } from '../seal.ts'
import { type BackendScope, backendRow, configJson } from './backend.ts'
import { NewBackend } from './backend-input.ts'
import { requireAddress } from './create-backend.ts'
import { noteHealth } from './note-health.ts'
import { probeRow } from './probe-backends.ts'
import { requireSameServer } from './update-backend.ts'

/** A backend that need not exist. With `id`, a key that is not given is that of this backend. */
export const TriedBackend = NewBackend.pick({ kind: true, baseUrl: true, apiKey: true, config: true }).extend({
  id: IdText('bknd').optional().describe('A backend whose kept key is used where none is given'),
})

export const Tried = z.object({
  isFine: z.boolean().describe('It answered with its models'),
  message: z.string(),
  durationMs: z.number().int(),
  models: z.array(z.string()).describe('Its own names of its models'),
})
export type Tried = z.output<typeof Tried>

const LONGEST_MS = 10_000

/**
 * Asks a backend for its models as its fields are now, and stores nothing. What goes wrong is an answer.
 * @throws HelioxError invalid `backends.address_refused`, `backends.key_again`; not_found `backends.no_backend`
 */
export async function tryBackend(scope: BackendScope, tried: z.output<typeof TriedBackend>): Promise<Tried> {
  allow(scope, 'backends:write')
  const { id, kind, baseUrl, config, apiKey } = tried
  requireAddress(scope.settings, kind, baseUrl)
  let secrets: Record<string, string> = apiKey ? { apiKey } : {}
  if (id && !apiKey) {
    const row = await backendRow(scope.db, id)
    requireSameServer(row, baseUrl, apiKey)
    if (row.kind === kind) secrets = await unseal(scope.settings.secretKey, row.id, row.sealedSecrets)
  }
  const known: KnownBackend = {
    ...{ id: id ?? 'echo', rowId: null, name: '', kind, baseUrl, secrets, config: JSON.parse(configJson(config)) },
    ...{ priority: 0, weight: 1, timeoutMs: LONGEST_MS, retries: 0, maxConcurrency: null },
  }
  return answerOf(await probe(known, LONGEST_MS))
}

/** Asks a backend as it is stored. What it answers counts as a probe. @throws HelioxError not_found `backends.no_backend` */
export async function tryStored(scope: BackendScope, { id }: { id: BackendId }): Promise<Tried> {
  allow(scope, 'backends:write')
  const seen = await probeRow(scope, await backendRow(scope.db, id), LONGEST_MS)
  await noteHealth(scope, id, seen)
  return answerOf(seen)
}

function answerOf({ isWell, hasList, message, durationMs, models }: Probed): Tried {
  return { isFine: isWell && hasList, message, durationMs, models }
}
