import { exactText, readUsd, subtractExact, type UsdText } from '../../../db/units/money.ts'
import { isZeroUsd } from '../../format/usd.ts'
import type { Explored, Where } from './insight-queries.ts'

export type Row = Explored['rows'][number]
export type Mover = { where: Where; row: Row; changeUsd: UsdText; direction: 'up' | 'down' }

/**
 * What changed most between the period before and this one, the greatest change first; exact, whatever its size. What did
 * not change is not among them, nor is what has no name of its own: the others together, idle, unallocated.
 */
export function topMovers(answers: readonly (readonly [Where, Explored | undefined])[], most: number): Mover[] {
  const all = answers.flatMap(([where, answer]) =>
    (answer?.rows ?? []).flatMap((row): Mover[] => {
      const changeUsd = changeOfRow(row)
      if (row.kind !== 'owner' || (row.names[0] ?? '') === '' || changeUsd === null || isZeroUsd(changeUsd)) return []
      return [{ where, row, changeUsd, direction: changeUsd.startsWith('-') ? 'down' : 'up' }]
    }),
  )
  return all.sort((a, b) => Math.abs(Number(b.changeUsd)) - Math.abs(Number(a.changeUsd))).slice(0, most)
}

/** The dearest group with a name; undefined where nobody has any cost. */
export function dearest(answer: Explored | undefined): Row | undefined {
  return answer?.rows.find(({ kind, names, totalCostUsd }) => kind === 'owner' && names[0] && Number(totalCostUsd) > 0)
}

function changeOfRow({ totalCostUsd, previousTotalCostUsd }: Row): UsdText | null {
  const [now, before] = [readUsd(totalCostUsd), readUsd(previousTotalCostUsd ?? '')]
  return now && before ? exactText(subtractExact(now, before)) : null
}
