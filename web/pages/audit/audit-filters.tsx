import { createEffect, createSignal, createUniqueId, For, onCleanup, Show } from 'solid-js'
import { Icon } from '../../components/icon.tsx'
import type { Filters } from './filters.ts'

type Change = { [Name in keyof Filters]?: string | null }

const ROOMS = ['keys', 'users', 'teams', 'jobs', 'costs', 'imports', 'budgets', 'prices']

const TYPING_MS = 250

/** What narrows the log. Words count while they are typed, which replaces the address; a day is a step of Back. */
export function AuditFilters(props: {
  filters: Filters
  onChange: (change: Change, options?: { replace: boolean }) => void
}) {
  const id = createUniqueId()
  const [problem, setProblem] = createSignal('')
  let form!: HTMLFormElement
  let typed: Change = {}
  let typing: ReturnType<typeof setTimeout> | undefined
  const apply = () => {
    clearTimeout(typing)
    if (Object.keys(typed).length > 0) props.onChange(typed, { replace: true })
    typed = {}
  }
  onCleanup(() => clearTimeout(typing))
  const words = (name: 'action' | 'actor' | 'search') => ({
    name,
    ref: (input: HTMLInputElement) =>
      createEffect(() => {
        const now = props.filters[name]
        // What is being typed is newer than the address.
        if (!(name in typed) && input.value.trim() !== now) input.value = now
      }),
    onInput: (event: { currentTarget: HTMLInputElement }) => {
      typed[name] = event.currentTarget.value.trim() || null
      clearTimeout(typing)
      typing = setTimeout(apply, TYPING_MS)
    },
  })
  const day = (name: 'start' | 'end') => ({ name, value: props.filters[name], onChange: changeDays })
  const changeDays = () => {
    const fields = new FormData(form)
    const [start, end] = [String(fields.get('start')), String(fields.get('end'))]
    const isTurned = start !== '' && end !== '' && end < start
    setProblem(isTurned ? 'This day is before the first one.' : '')
    if (!isTurned) props.onChange({ start: start || null, end: end || null })
  }
  const isNarrowed = () => Object.entries(props.filters).some(([name, value]) => name !== 'skip' && value !== '')
  const clear = () => {
    clearTimeout(typing)
    typed = {}
    setProblem('')
    form.reset() // a day that was not taken is in its field only
    props.onChange({ start: null, end: null, action: null, actor: null, target: null, search: null })
  }
  return (
    <form
      ref={form}
      class="panel audit-filters"
      aria-label="Filters"
      onSubmit={(event) => {
        event.preventDefault()
        apply()
      }}
    >
      <label>
        From (UTC)
        <input type="date" {...day('start')} />
      </label>
      <div>
        <label>
          To (included)
          <input type="date" {...day('end')} aria-invalid={problem() !== ''} aria-describedby={id} />
        </label>
        <p id={id} class="field-problem" role="alert">
          {problem()}
        </p>
      </div>
      <label>
        Action
        <input list="audit-rooms" placeholder="e.g. keys or keys.create" {...words('action')} />
        <datalist id="audit-rooms">
          <For each={ROOMS}>{(room) => <option value={room} />}</For>
        </datalist>
      </label>
      <label>
        Who
        <input placeholder="e-mail, key or id" {...words('actor')} />
      </label>
      <label>
        Search
        <input type="search" placeholder="name, address, request" {...words('search')} />
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
