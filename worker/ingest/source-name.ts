import { HelioxError } from '../errors.ts'
import { LineText } from '../input-fields.ts'
import { DEMO_SOURCE } from './demo.ts'

/** Which scheduler or bill something is from; '' is that of the documented files. */
export const SourceName = LineText(100).describe('Where it is from; empty: the documented files')

/** Door: for what gets another source. @throws HelioxError invalid `ingest.reserved_source` */
export function requireOwnSource(source: string, before = ''): void {
  if (source !== DEMO_SOURCE || source === before) return
  const details = [`source: "${DEMO_SOURCE}" is kept for the demo data`]
  throw new HelioxError('invalid', 'ingest.reserved_source', `Invalid request: ${details[0]}`, { details })
}
