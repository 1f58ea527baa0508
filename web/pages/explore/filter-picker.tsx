import { useQuery } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api } from '../../api.ts'
import type { Filter, Question } from '../../choice/choice.ts'
import { rowName } from '../../format/row-name.ts'
import { filterOf, groupNames, isTime } from './explore-choice.ts'

/** As many values as the server gives their own rows. */
const MOST_VALUES = 200

/** Adds a filter: by which name, then one of the values that cost something on these days, the dearest first. */
export function FilterPicker(props: {
  seesWholeCompany: boolean
  /** What is asked now: a filter is offered of what is left. */
  question: Question
  onPick: (filter: Filter) => void
}) {
  const [group, setGroup] = createSignal('')
  const names = () =>
    Object.entries(groupNames(props.seesWholeCompany)).filter(([name]) => !isTime(name) && name !== 'tag')
  const asked = () => ({ ...props.question, groupBy: [group()], top: MOST_VALUES })
  const values = useQuery(() => ({
    queryKey: ['analytics.explore', asked()],
    queryFn: () => api.analytics.explore.query(asked()),
    enabled: group() !== '',
  }))
  const offered = () => {
    const rows = values.isPending || values.isError || values.isPlaceholderData ? undefined : values.data?.rows
    return rows?.flatMap((row) => {
      const name = row.names[0] ?? ''
      const filter = row.kind === 'owner' && name !== '' ? filterOf(group(), name, row.teamId) : null
      return filter ? [{ filter, words: rowName({ name, kind: 'owner' }) }] : []
    })
  }
  let first!: HTMLSelectElement
  const pick = (at: string) => {
    const found = offered()?.[Number(at)]
    setGroup('')
    first.focus()
    if (found) props.onPick(found.filter)
  }
  const hint = () => {
    if (values.isError) return 'could not be loaded'
    const known = offered()
    if (known === undefined) return 'loading …'
    return known.length === 0 ? 'nothing to choose' : 'choose one'
  }
  return (
    <>
      <label class="inline-field">
        <span>Filter by</span>
        <select ref={first} value={group()} onChange={(event) => setGroup(event.currentTarget.value)}>
          <option value="">nothing else</option>
          <For each={names()}>{([name, label]) => <option value={name}>{label}</option>}</For>
        </select>
      </label>
      <Show when={group()} keyed>
        {(name) => (
          <label class="inline-field">
            <span>{groupNames(props.seesWholeCompany)[name]}</span>
            <select
              class="explore-value"
              aria-busy={offered() === undefined}
              onChange={(event) => pick(event.currentTarget.value)}
            >
              <option value="">{hint()}</option>
              <For each={offered()}>{({ words }, at) => <option value={at()}>{words}</option>}</For>
            </select>
          </label>
        )}
      </Show>
    </>
  )
}
