import { useQuery } from '@tanstack/solid-query'
import { createEffect, createMemo, For, onCleanup, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FILTERS } from '../../choice/choice.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'
import { type Choice, ChoiceSelect } from '../../components/choice-select.tsx'
import { Combobox } from '../../components/combobox.tsx'
import { useTeams } from '../../teams.ts'
import type { User } from '../../user.ts'
import { JOB_STATUS_WORDS } from './job-status.tsx'
import { isJobFilter, JOB_FILTERS, type JobFilter } from './jobs-question.ts'

const TYPING_MS = 250

/** What narrows the jobs. A choice is one step of Back; words count while they are typed, which replaces the address. */
export function JobFilters(props: {
  user: User
  choice: ChoiceControl
  words: string
  isNarrowed: boolean
  onWords: (words: string) => void
  onClear: () => void
}) {
  const days = () => props.choice.days()
  const named = (name: 'byModel' | 'byProvider' | 'byGpuType') =>
    useQuery(() => ({
      queryKey: [`analytics.${name}`, { ...days(), basis: 'allocation' }],
      queryFn: () => api.analytics[name].query({ ...days(), basis: 'allocation' }),
    }))
  const answers = { model_name: named('byModel'), provider: named('byProvider'), gpu_type: named('byGpuType') } as const
  const { teams } = useTeams(() => props.user.seesWholeCompany)
  const namesOf = (name: keyof typeof answers): Choice[] => {
    const query = answers[name]
    const rows = query.isPending || query.isError ? [] : (query.data?.rows ?? [])
    return rows.flatMap((row) => (row.kind === 'owner' && row.name ? [{ value: row.name, words: row.name }] : []))
  }
  const optionsOf = (name: JobFilter): Choice[] => {
    if (name === 'status') return Object.entries(JOB_STATUS_WORDS).map(([value, [words]]) => ({ value, words }))
    if (name !== 'team_id') return namesOf(name)
    const known = props.user.seesWholeCompany ? (teams() ?? []) : props.user.teams
    return known.map((team) => ({ value: team.id, words: team.name }))
  }
  const chosenOf = (name: JobFilter) =>
    props.choice
      .choice()
      .filters.filter((filter) => filter.name === name)
      .map(({ value }) => value)
  const pick = (name: JobFilter, values: readonly string[]) => {
    const others = props.choice.choice().filters.filter((filter) => filter.name !== name)
    props.choice.change({ filters: [...others, ...values.map((value) => ({ name, value }))] })
  }
  return (
    <form class="data-filters" aria-label="Filters of the jobs" onSubmit={(event) => event.preventDefault()}>
      <Words words={props.words} onWords={props.onWords} />
      <For each={JOB_FILTERS.filter(isJobFilter)}>
        {(name) => (
          <OneFilter
            name={name}
            chosen={chosenOf(name)}
            options={optionsOf(name)}
            onPick={(values) => pick(name, values)}
          />
        )}
      </For>
      <Show when={props.isNarrowed}>
        <button type="button" class="link" onClick={() => props.onClear()}>
          Clear filters
        </button>
      </Show>
    </form>
  )
}

/** One value, or those that a link brought along. What the days do not know stays to be seen and taken off. */
function OneFilter(props: {
  name: JobFilter
  chosen: readonly string[]
  options: readonly Choice[]
  onPick: (values: readonly string[]) => void
}) {
  const SEVERAL = '\n'
  const value = () => (props.chosen.length > 1 ? SEVERAL : (props.chosen[0] ?? ''))
  const choices = createMemo((): readonly Choice[] => {
    const isListed = value() === '' || props.options.some((option) => option.value === value())
    const words = value() === SEVERAL ? `${props.chosen.length} chosen` : value()
    return [{ value: '', words: 'Any' }, ...(isListed ? [] : [{ value: value(), words }]), ...props.options]
  })
  const field = {
    label: FILTERS[props.name],
    get choices() {
      return choices()
    },
    get chosen() {
      return value()
    },
    onPick: (picked: string) => props.onPick(picked === '' ? [] : picked === SEVERAL ? props.chosen : [picked]),
  }
  return props.name === 'status' ? <ChoiceSelect {...field} /> : <Combobox {...field} />
}

function Words(props: { words: string; onWords: (words: string) => void }) {
  let input!: HTMLInputElement
  let typing: ReturnType<typeof setTimeout> | undefined
  const apply = () => {
    if (typing === undefined) return
    clearTimeout(typing)
    typing = undefined
    props.onWords(input.value.trim())
  }
  createEffect(() => {
    const now = props.words
    // What is being typed is newer than the address.
    if (typing === undefined && input.value.trim() !== now) input.value = now
  })
  onCleanup(() => clearTimeout(typing))
  return (
    <label>
      Job id or name
      <input
        ref={input}
        type="search"
        placeholder="any part of it"
        onInput={() => {
          clearTimeout(typing)
          typing = setTimeout(apply, TYPING_MS)
        }}
        onChange={apply}
      />
    </label>
  )
}
