import { For } from 'solid-js'

export type View = 'chart' | 'table'

/** Chart or table of one panel. */
export function ViewSwitch(props: { of: string; view: View; onChange: (view: View) => void }) {
  return (
    <fieldset class="switch" aria-label={`${props.of}: view`}>
      <For each={['chart', 'table'] as const}>
        {(view) => (
          <button type="button" aria-pressed={props.view === view} onClick={() => props.onChange(view)}>
            {view === 'chart' ? 'Chart' : 'Table'}
          </button>
        )}
      </For>
    </fieldset>
  )
}
