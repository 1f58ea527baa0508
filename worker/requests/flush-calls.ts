import { rootCause } from '../errors.ts'
import type { MeterHandle } from '../gateway/meter/meter-of.ts'
import type { Scope } from '../scope.ts'

/**
 * Brings calls that have ended into the database, so that who has just called sees the call. A meter that does not answer
 * is in the log, and what is stored is answered.
 */
export async function flushCalls({ log }: Pick<Scope, 'log'>, meter: MeterHandle | null): Promise<void> {
  try {
    await meter?.flush()
  } catch (error) {
    log.warn('requests.flush_failed', { error: String(rootCause(error)) })
  }
}
