import { For } from 'solid-js'
import type { Bases, Basis } from '../choice/choice.ts'

/** How costs are charged to owners, with one sentence on the basis that is on. */
export function BasisSwitch(props: { bases: Bases; basis: Basis; onPick: (basis: Basis) => void }) {
  return (
    <fieldset class="basis">
      <legend class="visually-hidden">Basis</legend>
      <div class="switch">
        <For each={Object.entries(props.bases) as [Basis, readonly [string, string]][]}>
          {([basis, [label, meaning]]) => (
            <label title={meaning}>
              <input type="radio" name="basis" checked={props.basis === basis} onChange={() => props.onPick(basis)} />
              <span>{label}</span>
            </label>
          )}
        </For>
      </div>
      <p class="note" classList={{ 'is-warning': props.basis === 'exposure' }} aria-live="polite">
        {props.bases[props.basis]?.[1]}
      </p>
    </fieldset>
  )
}
