import { SEVERITIES } from '../../../db/units/insight.ts'
import { rootCause } from '../../errors.ts'
import type { Scope } from '../../scope.ts'
import type { DigestFinding } from '../digest.ts'
import { anomalies } from './anomalies.ts'
import type { Finder } from './finder.ts'
import { openAlerts } from './open-alerts.ts'
import { recommendations } from './recommendations.ts'

/** What looks for what stands out. Adding one: its file, and a line here. */
const FINDERS: readonly Finder[] = [openAlerts, anomalies, recommendations]

const MOST_OF_EACH = 5
const MOST = 10

/** What stood out, the gravest first; a finder that fails is left out and logged, so that figures still arrive. */
export async function findingsOf(scope: Scope, about: Omit<Parameters<Finder>[1], 'most'>): Promise<DigestFinding[]> {
  const found: DigestFinding[] = []
  for (const find of FINDERS)
    found.push(
      ...(await find(scope, { ...about, most: MOST_OF_EACH }).catch((error: unknown) => {
        scope.log.error('digest.finder_failed', { error: String(rootCause(error)) })
        return []
      })),
    )
  const gravity = ({ severity }: DigestFinding) => -SEVERITIES.indexOf(severity)
  return found.sort((a, b) => gravity(a) - gravity(b)).slice(0, MOST)
}
