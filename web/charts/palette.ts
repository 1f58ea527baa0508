import type { RowKind } from '../format/row-name.ts'
import { fixedColour } from './fixed-colours.ts'

/** How many hues the tokens define: --series-1 … --series-12, told apart without seeing hue. Each has a strong tone too. */
export const HUES = 12
/** Hues times tones: so many names of one drawing are all told apart. */
export const SLOTS = HUES * 2

type SeriesColour = `series-${number}` | `series-${number}-strong`
export type ColourName = SeriesColour | 'others' | 'assigned' | 'idle' | 'unmeasured' | 'unallocated'

/**
 * Hands out colours by name. A team has that of its id: the same on every page and for every reader, whoever is drawn
 * beside it and whatever it is called. Of other names the hash picks the slot, whatever order an answer has; only where
 * two of one drawing meet in one slot the later one of the alphabet moves on, and keeps what it got until the page is
 * loaded anew. Those have no number that every reader may know, and who sees some teams only may not learn of the others.
 */
export class Palette {
  readonly #dimension: string
  readonly #slots = new Map<string, number>()

  /** `dimension`: "team", "provider", …: some have names whose colour is fixed. */
  constructor(dimension = '') {
    this.#dimension = dimension
  }

  /** Takes in teams, each with the id that has its colour. */
  learnTeams(teams: readonly { name: string; teamId?: string | null }[]): void {
    for (const { name, teamId } of teams) if (teamId) this.#slots.set(name, slotOfId(teamId))
  }

  /** Takes in names that are about to be drawn together, the most important first: those beyond `SLOTS` may share. */
  learn(names: readonly string[]): void {
    const together = [...new Set(names)].slice(0, SLOTS).sort()
    const used = new Set(together.flatMap((name) => this.#known(name) ?? []))
    for (const name of together) {
      if (this.#known(name) !== undefined) continue
      const slot = firstFree(hashOf(name), used)
      used.add(slot)
      this.#slots.set(name, slot)
    }
  }

  /** The design token of a row's colour. Remainders are neutral and always the same. */
  colourOf(row: { name: string; kind: RowKind }): ColourName {
    if (row.kind === 'total') return 'series-1'
    if (row.kind === 'other') return 'others'
    return row.kind === 'owner' ? colourAt(this.#known(row.name) ?? hashOf(row.name) % SLOTS) : row.kind
  }

  #known(name: string): number | undefined {
    return this.#slots.get(name) ?? fixedColour(this.#dimension, name)
  }
}

const palettes = new Map<string, Palette>()

/** The one palette of a dimension, for all pages: "team", "model", "provider", "gpu_type", "status". */
export function paletteOf(dimension: string): Palette {
  const palette = palettes.get(dimension) ?? new Palette(dimension)
  palettes.set(dimension, palette)
  return palette
}

/** Neighbours get hues far apart, and the first `SLOTS` teams each their own: "team_1" → 0, "team_2" → 5. */
function slotOfId(id: string): number {
  const rank = Math.max(0, Number(id.split('_')[1] ?? 1) - 1) % SLOTS
  return Math.floor(rank / HUES) * HUES + ((rank * STRIDE) % HUES)
}

/** The slot of a hash; where it is taken, one of another hue, and only then another tone. */
function firstFree(hash: number, used: ReadonlySet<number>): number {
  const home = hash % SLOTS
  for (const tone of [Math.floor(home / HUES), 1 - Math.floor(home / HUES)])
    for (let step = 0; step < HUES; step++) {
      const slot = tone * HUES + ((home + step * STRIDE) % HUES)
      if (!used.has(slot)) return slot
    }
  return home
}
/** No divisor of `HUES`, so that every hue is reached, and the next one tried is not a neighbour. */
const STRIDE = 5

function colourAt(slot: number): SeriesColour {
  return slot < HUES ? `series-${slot + 1}` : `series-${slot - HUES + 1}-strong`
}

/** FNV-1a, 32 bits, its high bits mixed in: short and spreads similar names well. */
function hashOf(text: string): number {
  let hash = START
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0
  return (hash ^ (hash >>> 15)) >>> 0
}
/** Another start than the usual 0x811c9dc5, at which the demo's five teams get five hues. Changing it changes all colours. */
const START = 0x811c9cf2
