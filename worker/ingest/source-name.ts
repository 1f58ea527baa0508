import { HelioxError } from '../errors.ts'
import { DEMO_SOURCE } from './demo.ts'

/** Door: for what gets another source. @throws HelioxError invalid `ingest.reserved_source` */
export function requireOwnSource(source: string, before = ''): void {
  if (source !== DEMO_SOURCE || source === before) return
  const details = [`source: "${DEMO_SOURCE}" is kept for the demo data`]
  throw new HelioxError('invalid', 'ingest.reserved_source', `Invalid request: ${details[0]}`, { details })
}
