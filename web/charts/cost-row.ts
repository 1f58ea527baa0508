import type { UsdText } from '../../db/units/money.ts'
import type { RowKind } from '../format/row-name.ts'

/** One row of a cost breakdown as the page draws it. */
export type CostRow = {
  readonly name: string
  readonly kind: RowKind
  readonly teamId?: string | null
  readonly totalCostUsd: UsdText
  /** On the days that it is compared with; null or absent: with none. */
  readonly previousTotalCostUsd?: UsdText | null
  /** Null, as the two below: nobody knows, because charges do not say which job they are for. */
  readonly jobCount: number | null
  /** Decimal text. */
  readonly gpuHours: `${number}` | null
  /** Those of `gpuHours` whose cost is unknown on the usage basis. */
  readonly unmeasuredGpuHours: `${number}` | null
}

/** Nothing of what the row cost is known: it must not read as $0.00. */
export function isUnmeasured({ totalCostUsd, unmeasuredGpuHours }: CostRow): boolean {
  return totalCostUsd === '0.00' && Number(unmeasuredGpuHours) > 0
}
