/** What the part of an import says: which part of an export it is, and whose quarantined rows it read again. */
export function readPart(part: string): { name: string; importId: `imp_${number}` | null } {
  const cut = part.lastIndexOf('+')
  if (cut < 0) return { name: part, importId: null }
  const first = part.indexOf('+')
  return { name: part.slice(0, first), importId: part.slice(cut + 1) as `imp_${number}` }
}
