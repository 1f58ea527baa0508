/** A bill of one source, account and period, as far as it can count: its entries are there, and nobody has removed it. */
export type Standing = {
  id: number
  /** The import that brought it. */
  importRow: number
  part: string
}

/** In place of a bill's id: nothing took its place, what it belonged to is gone. */
export const NOBODY = 0

/**
 * Which bills of one source, account and period count, and what took the place of the others: the id of that bill (or `NOBODY`),
 * null for one that counts. The import that was begun last wins, whenever it was stored: an older file that comes to its end
 * late does not bring the past back.
 *
 * A whole export ('') takes the place of every part, a part that of itself and of a whole one. What was read again from an
 * import's quarantine ("part+imp_12") stands where that import stands: it comes right behind it, and counts only while the
 * import's own bill does, or where that has none here.
 *
 * @param isRemoved imports that do not count any more: what was read again from them goes as well
 */
export function standingBills(
  bills: readonly Standing[],
  isRemoved: (importRow: number) => boolean,
): Map<number, number | null> {
  const placed = bills
    .map((bill) => ({ ...bill, base: baseOf(bill.part) }))
    .map((bill) => ({ ...bill, place: placeOf(bill.part) ?? bill.importRow }))
    .sort((a, b) => a.place - b.place || Number(a.base !== null) - Number(b.base !== null) || a.id - b.id)
  const fate = new Map<number, number | null>()
  let current: typeof placed = []
  for (const bill of placed) {
    const own = placed.filter(({ importRow }) => importRow === bill.base)
    const stands =
      bill.base === null || (!isRemoved(bill.base) && (own.length === 0 || own.some((one) => current.includes(one))))
    if (!stands) {
      fate.set(bill.id, own.map(({ id }) => fate.get(id)).find((by) => by) ?? NOBODY)
      continue
    }
    for (const other of current) if (replaces(bill.part, other.part)) fate.set(other.id, bill.id)
    current = current.filter(({ id }) => fate.get(id) === null)
    fate.set(bill.id, null)
    current.push(bill)
  }
  return fate
}

/** Whether an export's part takes the place of another part. */
export function replaces(part: string, other: string): boolean {
  if (part === '' || part === other) return true
  return !part.includes('+') && (other === '' || other.startsWith('+') || other.startsWith(`${part}+`))
}

/** The import whose quarantined rows a part holds; null: an export's own. */
export function baseOf(part: string): number | null {
  const match = /\+imp_(\d+)$/.exec(part)
  return match ? Number(match[1]) : null
}

/** The import at whose place a part stands: the first one that its rows were quarantined by. */
function placeOf(part: string): number | null {
  const match = /\+imp_(\d+)/.exec(part)
  return match ? Number(match[1]) : null
}
