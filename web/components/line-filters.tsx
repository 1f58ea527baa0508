import { createSignal, createUniqueId, Show } from 'solid-js'
import type { LineFilters as Filters } from '../choice/line-filters.ts'

type Name = keyof Filters

/** What narrows bill lines or measurements, each taken when its field is left: one step of Back. */
export function LineFilters(props: {
  filters: Filters
  /** Measurements have none. */
  hasSource?: boolean
  onChange: (change: { [N in Name]?: string | null }) => void
}) {
  const id = createUniqueId()
  const [problem, setProblem] = createSignal('')
  let form!: HTMLFormElement
  const changeDays = () => {
    const fields = new FormData(form)
    const [start, end] = [String(fields.get('start')), String(fields.get('end'))]
    const isTurned = start !== '' && end !== '' && end < start
    setProblem(isTurned ? 'This day is before the first one.' : '')
    if (!isTurned) props.onChange({ start: start || null, end: end || null })
  }
  const words = (name: Name) => ({
    ...{ name, maxlength: 100, autocomplete: 'off', value: props.filters[name] },
    onChange: (event: { currentTarget: HTMLInputElement }) =>
      props.onChange({ [name]: event.currentTarget.value.trim() || null }),
  })
  const isNarrowed = () => Object.entries(props.filters).some(([name, value]) => name !== 'skip' && value !== '')
  const clear = () => {
    setProblem('')
    form.reset() // a day that was not taken is in its field only
    props.onChange({ start: null, end: null, provider: null, gpu_type: null, source: null })
  }
  return (
    <section class="panel" aria-label="Filters">
      <form
        ref={form}
        class="data-filters line-filters"
        aria-label="Filters"
        onSubmit={(event) => event.preventDefault()}
      >
        <label>
          From (UTC)
          <input type="date" name="start" value={props.filters.start} onChange={changeDays} />
        </label>
        <label>
          To (included)
          <input
            type="date"
            name="end"
            value={props.filters.end}
            aria-invalid={problem() !== ''}
            aria-describedby={id}
            onChange={changeDays}
          />
        </label>
        <label>
          Provider
          <input placeholder="e.g. aws" {...words('provider')} />
        </label>
        <label>
          GPU type
          <input placeholder="e.g. h100" {...words('gpu_type')} />
        </label>
        <Show when={props.hasSource}>
          <label>
            Source
            <input placeholder="e.g. focus" {...words('source')} />
          </label>
        </Show>
        <Show when={isNarrowed()}>
          <button type="button" class="link" onClick={clear}>
            Clear filters
          </button>
        </Show>
        <p id={id} class="field-problem" role="alert">
          {problem()}
        </p>
      </form>
    </section>
  )
}
