import { eq, sql } from 'drizzle-orm'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { backendModels, backends } from '../../db/schema/backends.ts'
import type { BackendKind } from '../../db/units/backend-kinds.ts'
import type { BackendId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { backendAddressRefusal } from '../gateway/known-backend.ts'
import { allow } from '../permissions.ts'
import { seal } from '../seal.ts'
import {
  type Backend,
  type BackendScope,
  type BackendSettings,
  configJson,
  decidedRow,
  type ModelNames,
  notedOf,
} from './backend.ts'
import type { NewBackend } from './backend-input.ts'
import { oneBackend } from './list-backends.ts'

/**
 * Declares a backend. Its key is sealed at once; calls may go there from the next one on.
 *
 * @throws HelioxError invalid `backends.address_refused`, `backends.address_missing`, `backends.no_echo`
 * @throws HelioxError conflict `backends.name_taken`
 */
export async function createBackend(scope: BackendScope, input: NewBackend): Promise<Backend> {
  allow(scope, 'backends:write')
  const { apiKey, models, config, enabled, ...given } = input
  requireAddress(scope.settings, given.kind, given.baseUrl)
  const id = await writeTransaction(scope.db, async (tx) => {
    await requireFreeName(tx, given.name)
    const row = { ...given, configJson: configJson(config), isEnabled: enabled, createdAtMs: scope.now() }
    const [made] = await tx.insert(backends).values(row).returning({ id: backends.id })
    if (!made) throw new Error('no backend was stored')
    const sealedSecrets = await seal(scope.settings.secretKey, made.id, apiKey ? { apiKey } : {}) // bound to the id
    await tx.update(backends).set({ sealedSecrets }).where(eq(backends.id, made.id))
    await storeModels(tx, made.id, models)
    const stored = await decidedRow(tx, made.id)
    const after = notedOf(stored.row, stored.models)
    await note(tx, scope, { action: 'backends.create', targetId: made.id, target: given.name, before: null, after })
    return made.id
  })
  return oneBackend(scope, { id })
}

/** Without an address of their own: each is somebody's. */
const NEEDS_ADDRESS: readonly BackendKind[] = ['azure-openai']

/** @throws HelioxError invalid `backends.address_refused`, `backends.address_missing`, `backends.no_echo` */
export function requireAddress(settings: BackendSettings, kind: BackendKind, baseUrl: string): void {
  if (kind === 'echo' && !settings.hasEcho)
    throw fieldRefusal('no_echo', 'kind', 'The echo is for trying things out, and is off here (ECHO_BACKEND)')
  if (baseUrl === '' && NEEDS_ADDRESS.includes(kind))
    throw fieldRefusal('address_missing', 'base_url', 'A backend of this kind has no address of its own: enter one')
  const why = backendAddressRefusal(settings, baseUrl)
  if (why !== null) throw fieldRefusal('address_refused', 'base_url', `${URL.parse(baseUrl)?.host || baseUrl} ${why}`)
}

function fieldRefusal(code: string, field: string, message: string): HelioxError {
  return new HelioxError('invalid', `backends.${code}`, message, { details: [`${field}: ${message}`] })
}

/** @throws HelioxError conflict `backends.name_taken` */
export async function requireFreeName(tx: Tx, name: string, own?: BackendId): Promise<void> {
  const [other] = await tx
    .select({ id: backends.id })
    .from(backends)
    .where(sql`lower(${backends.name}) = lower(${name})`)
  if (!other || other.id === own) return
  const details = ['name: there is another backend of this name']
  throw new HelioxError('conflict', 'backends.name_taken', `There is already a backend called ${name}`, { details })
}

/** Takes the place of the models that the backend had. */
export async function storeModels(tx: Tx, backendId: BackendId, models: readonly ModelNames[]): Promise<void> {
  await tx.delete(backendModels).where(eq(backendModels.backendId, backendId))
  if (models.length > 0) await tx.insert(backendModels).values(models.map((names) => ({ backendId, ...names })))
}
