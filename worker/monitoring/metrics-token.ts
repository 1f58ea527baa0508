import type { Asking } from '../asking.ts'
import { isSameSecret } from '../auth/digest.ts'
import { HelioxError } from '../errors.ts'

/**
 * Whether a scraper has sent METRICS_TOKEN as a bearer token. Without one it is a stranger, who is told no amounts. Where no
 * token is set nobody is told, and credentials of any kind are not looked at.
 *
 * @throws HelioxError unauthenticated `metrics.token` for another token than the one that is set
 */
export function hasMetricsToken({ settings }: Pick<Asking, 'settings'>, authorization: string | undefined): boolean {
  if (settings.metricsToken === '' || authorization === undefined) return false
  if (isSameSecret(authorization, `Bearer ${settings.metricsToken}`)) return true
  throw new HelioxError('unauthenticated', 'metrics.token', 'That is not the METRICS_TOKEN of this deployment')
}
