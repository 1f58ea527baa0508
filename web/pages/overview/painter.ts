import { type ColourName, Palette } from '../../charts/palette.ts'
import type { Group } from '../../choice/choice.ts'
import type { RowKind } from '../../format/row-name.ts'

type Named = { readonly name: string; readonly kind: RowKind }

/** Colours for the whole page: per dimension one palette, so a team is the same colour in every chart. */
export class Painter {
  readonly #palettes = new Map<Group, Palette>()

  /** Takes in the names of an answer before they are drawn. */
  learn(group: Group, rows: readonly Named[]): void {
    this.#of(group).learn(rows.filter(({ kind }) => kind === 'owner').map(({ name }) => name))
  }

  colourOf(group: Group, row: Named): ColourName {
    return this.#of(group).colourOf(row)
  }

  #of(group: Group): Palette {
    const palette = this.#palettes.get(group) ?? new Palette()
    this.#palettes.set(group, palette)
    return palette
  }
}
