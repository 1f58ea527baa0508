import { ToggleGroup } from '@kobalte/core/toggle-group'
import { For } from 'solid-js'

export type View = 'chart' | 'table'

/** Chart or table of one panel. The one that is on stays on when it is pressed again. */
export function ViewSwitch(props: { of: string; view: View; onChange: (view: View) => void }) {
  return (
    <ToggleGroup
      class="switch"
      aria-label={`${props.of}: view`}
      value={props.view}
      onChange={(view: string | null) => view && props.onChange(view as View)}
    >
      <For each={['chart', 'table'] as const}>
        {(view) => <ToggleGroup.Item value={view}>{view === 'chart' ? 'Chart' : 'Table'}</ToggleGroup.Item>}
      </For>
    </ToggleGroup>
  )
}
