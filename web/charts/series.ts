import { addExact, exactText, readUsd, type UsdText, ZERO_EXACT } from '../../db/units/money.ts'
import type { RowKind } from '../format/row-name.ts'

export type Series = {
  readonly name: string
  readonly kind: RowKind
  /** Where it is one team's: its colour is the id's. */
  readonly teamId?: string | null
  readonly costUsd: readonly UsdText[]
}

/** Series fit to be drawn: the dearest owners, the smaller ones as one, then the remainders. */
export type DrawnSeries = Series & { readonly members: number }

/**
 * At most `limit` owners keep a colour of their own; the others are drawn as one. Their sum is exact, digit by
 * digit as the server would do it, since the tooltip shows it.
 */
export function drawnSeries(series: readonly Series[], limit: number): DrawnSeries[] {
  const weigh = ({ costUsd }: Series) => costUsd.reduce((sum, cost) => sum + Math.abs(Number(cost)), 0)
  const owners = series.filter(({ kind }) => kind === 'owner' || kind === 'total').sort((a, b) => weigh(b) - weigh(a))
  const rest = owners.length > limit ? owners.slice(limit - 1) : []
  const kept = owners.slice(0, owners.length - rest.length)
  const alone = (one: Series) => ({ ...one, members: 1 })
  const remainders = series.filter(({ kind }) => kind !== 'owner' && kind !== 'total')
  return [...kept.map(alone), ...(rest.length > 0 ? [together(rest)] : []), ...remainders.map(alone)]
}

/** The exact sum of decimal texts; null for one that cannot be read (a billion and more). */
export function sumUsd(amounts: readonly UsdText[]): UsdText | null {
  const parts = amounts.map(readUsd)
  if (parts.some((part) => part === null)) return null
  return exactText(parts.reduce<typeof ZERO_EXACT>((sum, part) => addExact(sum, part!), ZERO_EXACT))
}

function together(rest: readonly Series[]): DrawnSeries {
  const costUsd = rest[0]!.costUsd.map((_, day) => sumUsd(rest.map((one) => one.costUsd[day] ?? '0.00')) ?? '0.00')
  return { name: `${rest.length} smaller ones`, kind: 'owner', costUsd, members: rest.length }
}
