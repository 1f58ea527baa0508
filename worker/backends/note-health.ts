import { backendHealth } from '../../db/schema/backends.ts'
import type { BackendId } from '../../db/units/ids.ts'
import type { Probed } from '../gateway/probe.ts'
import type { BackendScope } from './backend.ts'

/** Keeps what a probe has seen, and tells the meter: its breaker opens after failures and lets a call try after a success. */
export async function noteHealth(
  { db, now, meter }: Pick<BackendScope, 'db' | 'now' | 'meter'>,
  backendId: BackendId,
  { isWell, message, durationMs }: Probed,
): Promise<void> {
  const seen = { isWell, message: isWell ? '' : message, latencyMs: durationMs, checkedAtMs: now() }
  await db
    .insert(backendHealth)
    .values({ backendId, ...seen })
    .onConflictDoUpdate({ target: backendHealth.backendId, set: seen })
  await meter?.saw({ backend: backendId, isWell, ms: durationMs, message: seen.message, isProbe: true })
}
