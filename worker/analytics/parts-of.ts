import { isByBill } from './bill-conditions.ts'
import { billPart } from './bill-part.ts'
import { isByOwner } from './conditions.ts'
import { crossPart } from './cross-part.ts'
import { type Grouping, isBillName, isOwnerName } from './dimensions.ts'
import { exposurePart } from './exposure-part.ts'
import type { Asking, Part } from './ledger.ts'
import { ownersPart } from './owners-part.ts'
import { leftOverPart, pooledPart } from './pools-part.ts'
import type { Visible } from './visible-question.ts'
import { zoneOf } from './zone.ts'
import { zonePart } from './zone-part.ts'

/** The parts that an answer is made of. Their cells together are the answer's. */
export function partsOf({ question, by, more = [] }: Asking): Part[] {
  const zone = zoneOf(question)
  if (zone) return [zonePart(question, by, zone)]
  const isOfOwners = isByOwner(question) || by.names.some(isOwnerName)
  if (question.basis === 'exposure' && by.names.some(isOwnerName)) return [exposurePart(question, by)]
  if (isOfBill(question, by)) return [isOfOwners ? crossPart(question, by) : billPart(question, by)]
  if (by.names.some(isOwnerName)) {
    const owners = ownersPart(question, by, more)
    return isByOwner(question) ? [owners] : [owners, leftOverPart(question, by)]
  }
  return [isByOwner(question) ? ownersPart(question, by, more) : pooledPart(question, by, more)]
}

/** Whether an answer needs what only the bill knows, which is not how many jobs there were. */
export function isOfBill(question: Visible, { names, isUnlisted = false }: Grouping): boolean {
  return isUnlisted || isByBill(question) || names.some(isBillName)
}
