import type { RowKind } from '../format/row-name.ts'

/** How many series colours the tokens define: --series-1 … --series-12, told apart without seeing hue. */
export const SLOTS = 12

export type ColourName = `series-${number}` | 'others' | 'assigned' | 'idle' | 'unmeasured' | 'unallocated'

/**
 * Hands out colours by name. A name's hash picks its slot, so it keeps its colour over reloads; only where two
 * names meet in one slot the later one moves on. The first `SLOTS` names of a palette never share a colour.
 */
export class Palette {
  readonly #slots = new Map<string, number>()

  /** Takes in the names of a list before any of them is drawn, the most important first. */
  learn(names: readonly string[]): void {
    for (const name of names) this.#take(name)
  }

  /** The design token of a row's colour. Remainders are neutral and always the same. */
  colourOf(row: { name: string; kind: RowKind }): ColourName {
    if (row.kind === 'total') return 'series-1'
    if (row.kind === 'other') return 'others'
    return row.kind === 'owner' ? `series-${this.#take(row.name) + 1}` : row.kind
  }

  #take(name: string): number {
    const known = this.#slots.get(name)
    if (known !== undefined) return known
    const used = new Set(this.#slots.values())
    let slot = hashOf(name) % SLOTS
    for (let tries = 0; used.has(slot) && used.size < SLOTS && tries < SLOTS; tries++) slot = (slot + 1) % SLOTS
    this.#slots.set(name, slot)
    return slot
  }
}

/** FNV-1a, 32 bits: short and spreads similar names well. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0
  return hash
}
