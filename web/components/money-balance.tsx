import { Show } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import { isZeroUsd } from '../format/usd.ts'
import { ExactUsd } from './exact-usd.tsx'

/** "File $X = stored $Y + quarantined $Z + rounding $R": no dollar of a file gets lost on the way. */
export function MoneyBalance(props: {
  file: UsdText
  stored: UsdText
  quarantined: UsdText
  rounding: UsdText | undefined
}) {
  return (
    <p class="balance">
      <span>
        File <ExactUsd amount={props.file} />
      </span>
      <span>
        = stored <ExactUsd amount={props.stored} />
      </span>
      <span>
        + quarantined <ExactUsd amount={props.quarantined} />
      </span>
      <Show when={props.rounding !== undefined && !isZeroUsd(props.rounding)}>
        <span>
          + rounding <ExactUsd amount={props.rounding!} />
        </span>
      </Show>
    </p>
  )
}
