import { For, Show } from 'solid-js'
import { FILTERS, type Filter } from '../choice/choice.ts'
import { Icon } from './icon.tsx'

/** The filters that are on, each with a button that takes it off. */
export function FilterChips(props: {
  filters: readonly Filter[]
  labelOf: (filter: Filter) => string
  onRemove: (filter: Filter) => void
  onClear: () => void
}) {
  return (
    <Show when={props.filters.length > 0}>
      <fieldset class="chips" aria-label="Active filters">
        <For each={props.filters}>
          {(filter) => {
            const label = () => `${FILTERS[filter.name]}: ${props.labelOf(filter)}`
            return (
              <button
                type="button"
                class="chip"
                aria-label={`Remove filter ${label()}`}
                onClick={() => props.onRemove(filter)}
              >
                <span class="chip-name">{FILTERS[filter.name]}</span> {props.labelOf(filter)}
                <Icon name="close" />
              </button>
            )
          }}
        </For>
        <button type="button" class="link" onClick={() => props.onClear()}>
          Clear all
        </button>
      </fieldset>
    </Show>
  )
}
