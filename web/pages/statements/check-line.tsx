import type { UsdText } from '../../../db/units/money.ts'
import { ExactUsd } from '../../components/exact-usd.tsx'
import { Icon } from '../../components/icon.tsx'
import { formatUsdExact, isZeroUsd } from '../../format/usd.ts'
import type { Statement } from './statement-queries.ts'

type Check = NonNullable<Statement['check']>

/** The bill and its adjustments are the teams and the company, before the reader's eyes. */
export function CheckLine(props: { check: Check }) {
  const ties = () => isZeroUsd(props.check.differenceUsd)
  return (
    <section class="sums" aria-label="Check">
      <div class="sums-line">
        <p>
          <Term name="Bill" amount={props.check.billUsd} />
          <span class="sums-sign"> + </span>
          <Term name="adjustments" amount={props.check.adjustmentsUsd} />
          <span class="sums-sign"> = </span>
          <Term name="teams" amount={props.check.teamsUsd} />
          <span class="sums-sign"> + </span>
          <Term name="company" amount={props.check.companyUsd} />
        </p>
        <p class="sums-check" classList={{ 'is-good': ties(), 'is-warning': !ties() }}>
          <Icon name={ties() ? 'check' : 'warning'} />
          {formatUsdExact(props.check.differenceUsd)} difference
        </p>
      </div>
    </section>
  )
}

function Term(props: { name: string; amount: UsdText }) {
  return (
    <span class="sums-term">
      <span class="sums-name">{props.name} </span>
      <ExactUsd amount={props.amount} />
    </span>
  )
}
