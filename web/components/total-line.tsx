import { Show } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import type { Comparison } from '../choice/compare.ts'
import { ChangeLine } from './change-line.tsx'
import { UsdDoor } from './exact-usd.tsx'
import { type How, HowComputed } from './how-computed.tsx'

/** A total above its parts: exact, leading to what it is made of, compared, and with how it was made. */
export function TotalLine(props: {
  title: string
  amount: UsdText
  href?: string | undefined
  compared?: { comparison: Comparison; before: UsdText | null; days: { start: string; end: string } | null }
  how: How
}) {
  return (
    <div class="total-line">
      <span>{props.title}</span>
      <b>
        <UsdDoor href={props.href} of="the total" amount={props.amount} />
      </b>
      <Show when={props.compared}>
        {(known) => (
          <span class="compared">
            <ChangeLine now={props.amount} {...known()} />
          </span>
        )}
      </Show>
      <HowComputed figure="the total" {...props.how} />
    </div>
  )
}
