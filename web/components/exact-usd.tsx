import type { UsdText } from '../../db/units/money.ts'
import { splitUsdExact } from '../format/usd.ts'

/** Every digit of an amount; what is below a cent stands back, so that columns of dollars still read at a glance. */
export function ExactUsd(props: { amount: UsdText | null }) {
  const parts = () => splitUsdExact(props.amount)
  return (
    <span class="usd">
      {parts()[0]}
      <span class="usd-tail">{parts()[1]}</span>
    </span>
  )
}
