import type { UsdText } from '../../db/units/money.ts'
import { splitUsdExact } from '../format/usd.ts'

/**
 * Every digit of an amount, as one number: dollars and cents set apart would read as another amount than the rounded one
 * of a card. What is below a cent is marked for columns, where the points stand below each other.
 */
export function ExactUsd(props: { amount: UsdText | null }) {
  const parts = () => splitUsdExact(props.amount)
  return (
    <span class="usd">
      {parts()[0]}
      <span class="usd-tail">{parts()[1]}</span>
    </span>
  )
}
