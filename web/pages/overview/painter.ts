import { type ColourName, paletteOf } from '../../charts/palette.ts'
import type { Group } from '../../choice/choice.ts'
import type { RowKind } from '../../format/row-name.ts'

type Named = { readonly name: string; readonly kind: RowKind; readonly teamId?: string | null }

/** Colours for the whole page: per dimension the palette that all pages share. */
export class Painter {
  /** Takes in the names of an answer before they are drawn. */
  learn(group: Group, rows: readonly Named[]): void {
    const owners = rows.filter(({ kind }) => kind === 'owner')
    if (group === 'team') paletteOf(group).learnTeams(owners)
    paletteOf(group).learn(owners.map(({ name }) => name))
  }

  colourOf(group: Group, row: Named): ColourName {
    return paletteOf(group).colourOf(row)
  }
}
