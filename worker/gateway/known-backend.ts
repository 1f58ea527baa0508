import type { backends } from '../../db/schema/backends.ts'
import type { Settings } from '../env.ts'
import { addressRefusal, isInside } from '../outside-address.ts'
import { unseal } from '../seal.ts'
import type { KnownBackend } from './backends/backend.ts'

/** What the deployment decides about addresses of backends. */
export type BackendReach = Pick<Settings, 'environment' | 'allowPrivateBackends'>

/**
 * Why a backend's address is not asked, in words that follow its host; null: it is, as is '', the kind's own. Outside of
 * development it is https, but for one's own network where the deployment allows that.
 */
export function backendAddressRefusal({ environment, allowPrivateBackends }: BackendReach, baseUrl: string) {
  if (baseUrl === '') return null
  const url = URL.parse(baseUrl)
  if (!url) return 'is no address such as https://llm.example.com/v1'
  const why = addressRefusal(url, { allowsInside: allowPrivateBackends, setting: 'ALLOW_PRIVATE_BACKENDS' })
  const isPlain = url.protocol === 'http:' && environment !== 'development' && !isInside(url.hostname)
  return why ?? (isPlain ? 'must be asked over https' : null)
}

/**
 * A backend as the gateway asks it. Null where it cannot be asked: its secrets cannot be opened any more, or its address is
 * one that the deployment has stopped allowing. That stops this backend and not the gateway.
 */
export async function knownBackend(
  settings: BackendReach & Pick<Settings, 'secretKey'>,
  row: typeof backends.$inferSelect,
): Promise<KnownBackend | null> {
  const { id, name, kind, baseUrl, priority, weight, timeoutMs, retries, maxConcurrency } = row
  if (backendAddressRefusal(settings, baseUrl) !== null) return null
  const secrets = await unseal(settings.secretKey, id, row.sealedSecrets).catch(() => null)
  if (secrets === null) return null
  const config = JSON.parse(row.configJson) as Record<string, unknown>
  const own = { name, kind, baseUrl, priority, weight, timeoutMs, retries, maxConcurrency }
  return { id, rowId: id, secrets, config, ...own }
}
