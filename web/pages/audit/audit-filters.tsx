import { For, Show } from 'solid-js'
import { Icon } from '../../components/icon.tsx'
import type { Filters } from './filters.ts'

type Change = { [Name in keyof Filters]?: string | null }

const ROOMS = ['keys', 'users', 'teams', 'jobs', 'costs', 'imports', 'budgets', 'prices']

/** What narrows the log. A field counts once it is left, or at Enter. */
export function AuditFilters(props: { filters: Filters; onChange: (change: Change) => void }) {
  const field = (name: 'start' | 'end' | 'action' | 'actor' | 'search') => ({
    name,
    value: props.filters[name],
    onChange: (event: { currentTarget: HTMLInputElement }) =>
      props.onChange({ [name]: event.currentTarget.value.trim() || null }),
  })
  const isNarrowed = () => Object.entries(props.filters).some(([name, value]) => name !== 'skip' && value !== '')
  const clear = () => props.onChange({ start: null, end: null, action: null, actor: null, target: null, search: null })
  return (
    <form class="panel audit-filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <label>
        From (UTC)
        <input type="date" {...field('start')} />
      </label>
      <label>
        To (included)
        <input type="date" {...field('end')} />
      </label>
      <label>
        Action
        <input list="audit-rooms" placeholder="e.g. keys or keys.create" {...field('action')} />
        <datalist id="audit-rooms">
          <For each={ROOMS}>{(room) => <option value={room} />}</For>
        </datalist>
      </label>
      <label>
        Who
        <input placeholder="e-mail, key or id" {...field('actor')} />
      </label>
      <label>
        Search
        <input type="search" placeholder="name, address, request" {...field('search')} />
      </label>
      <div class="chips">
        <Show when={props.filters.target}>
          {(target) => (
            <button
              type="button"
              class="chip"
              aria-label={`Remove filter target ${target()}`}
              onClick={() => props.onChange({ target: null })}
            >
              <span class="chip-name">Target</span> {target()}
              <Icon name="close" />
            </button>
          )}
        </Show>
        <Show when={isNarrowed()}>
          <button type="button" class="link" onClick={clear}>
            Clear all
          </button>
        </Show>
      </div>
    </form>
  )
}
