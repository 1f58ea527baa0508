import type { SourceKind as KindId } from '../../../db/schema/sources.ts'
import { https } from './https.ts'
import type { SourceKind } from './kind.ts'
import { opencost } from './opencost.ts'
import { prometheus } from './prometheus.ts'
import { s3 } from './s3.ts'

/** The list of kinds, in the order in which the page offers them. */
export const KINDS: readonly SourceKind[] = [s3, https, opencost, prometheus]

export function kindOf(id: KindId): SourceKind {
  const kind = KINDS.find((one) => one.id === id)
  if (!kind) throw new Error(`no kind ${id}`)
  return kind
}
