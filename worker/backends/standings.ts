import { rootCause } from '../errors.ts'
import type { BackendRef, BackendStanding } from '../gateway/meter/messages.ts'
import { unseal, withoutSecrets } from '../seal.ts'
import type { Backend, BackendRow, BackendScope } from './backend.ts'
import type { RecentCalls } from './recent-calls.ts'

export type Standings = ReadonlyMap<BackendRef, BackendStanding>

/** How the meter sees each backend it has sent calls to. Without a meter, or where it does not answer: nothing is known. */
export async function standingsOf({ meter, log }: Pick<BackendScope, 'meter' | 'log'>): Promise<Standings> {
  try {
    const standing = await meter?.standing()
    return new Map((standing?.backends ?? []).map((one) => [one.backend, one]))
  } catch (error) {
    log.warn('the meter does not say how backends do', { error: String(rootCause(error)) })
    return new Map()
  }
}

type Probed = { isWell: boolean; message: string; checkedAtMs: Backend['createdAtMs'] }

/** What is known of a backend's health. Words that it sent itself are shown without its key. */
export async function healthOf(
  { settings }: Pick<BackendScope, 'settings'>,
  row: BackendRow,
  probed: Probed | null,
  standing: BackendStanding | undefined,
  recent: RecentCalls | undefined,
): Promise<Backend['health']> {
  const said = standing?.lastError ?? ''
  const secrets = said === '' ? {} : await unseal(settings.secretKey, row.id, row.sealedSecrets).catch(() => ({}))
  const latencyMs = standing?.latencyMs ?? recent?.latencyMs ?? null
  return {
    ...{ isWell: probed?.isWell ?? null, message: probed?.message ?? '', checkedAtMs: probed?.checkedAtMs ?? null },
    answeredAtMs: recent?.answeredAtMs ?? null,
    ...{ breaker: standing?.breaker ?? 'closed', openUntilMs: standing?.openUntilMs ?? null },
    ...{ inFlight: standing?.inFlight ?? 0, failures: standing?.failures ?? 0 },
    ...{ latencyMs: latencyMs === null ? null : Math.round(latencyMs), lastError: withoutSecrets(said, secrets) },
  }
}
