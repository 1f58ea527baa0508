import { RadioGroup } from '@kobalte/core/radio-group'
import { For } from 'solid-js'
import type { Bases, Basis } from '../choice/choice.ts'

/** Over its words, so that a press anywhere on them is one on it. */
const OVER = { inset: '0', width: '100%', height: '100%', margin: '0', clip: 'auto', 'clip-path': 'none', opacity: '0' }

/** How costs are charged to owners, with one sentence on the basis that is on. */
export function BasisSwitch(props: { bases: Bases; basis: Basis; onPick: (basis: Basis) => void }) {
  return (
    <RadioGroup
      class="basis"
      name="basis"
      value={props.basis}
      onChange={(basis) => basis !== props.basis && props.onPick(basis as Basis)}
    >
      <RadioGroup.Label class="visually-hidden">Basis</RadioGroup.Label>
      <div class="switch">
        <For each={Object.entries(props.bases) as [Basis, readonly [string, string]][]}>
          {([basis, [label, meaning]]) => (
            <RadioGroup.Item value={basis} role="presentation" data-hint={meaning}>
              <RadioGroup.ItemInput style={OVER} />
              <RadioGroup.ItemLabel>{label}</RadioGroup.ItemLabel>
            </RadioGroup.Item>
          )}
        </For>
      </div>
      <RadioGroup.Description
        as="p"
        class="note"
        classList={{ 'is-warning': props.basis === 'exposure' }}
        aria-live="polite"
      >
        {props.bases[props.basis]?.[1]}
      </RadioGroup.Description>
    </RadioGroup>
  )
}
