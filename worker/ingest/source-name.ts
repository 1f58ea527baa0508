import { DEPLOYMENT_SOURCE } from '../deployments/serving-team.ts'
import { HelioxError } from '../errors.ts'
import { DEMO_SOURCE } from './demo.ts'

/** Door: for what gets another source. @throws HelioxError invalid `ingest.reserved_source` */
export function requireOwnSource(source: string, before = ''): void {
  const keptFor = { [DEMO_SOURCE]: 'the demo data', [DEPLOYMENT_SOURCE]: 'deployments' }[source]
  if (!keptFor || source === before) return
  const details = [`source: "${source}" is kept for ${keptFor}`]
  throw new HelioxError('invalid', 'ingest.reserved_source', `Invalid request: ${details[0]}`, { details })
}
