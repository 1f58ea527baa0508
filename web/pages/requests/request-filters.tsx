import { useQuery } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { api } from '../../api.ts'
import type { Days } from '../../choice/range.ts'
import { useTeams } from '../../teams.ts'
import type { User } from '../../user.ts'
import { CACHE_WORDS, GRADE_WORDS, STATUS_WORDS } from './request-words.ts'
import type { RequestChoice, RequestFilter } from './requests-question.ts'

type Option = { value: string; words: string }
type Change = Partial<Record<RequestFilter, string | null>>

/** What narrows the calls: the models, keys and backends that these days know. Each choice is one step of Back. */
export function RequestFilters(props: {
  user: User
  days: Days
  chosen: RequestChoice
  onChange: (change: Change) => void
}) {
  const facets = useQuery(() => ({
    queryKey: ['requests.facets', props.days],
    queryFn: () => api.requests.facets.query(props.days),
  }))
  const known = () => (facets.isPending || facets.isError ? undefined : facets.data)
  const { teams } = useTeams(() => props.user.seesWholeCompany)
  const plain = (values: readonly string[] = []): Option[] => values.map((value) => ({ value, words: value }))
  const named = (values: readonly { id: string; name: string }[] = []): Option[] =>
    values.map(({ id, name }) => ({ value: id, words: name }))
  const selects = (): [RequestFilter, string, Option[]][] => [
    ['team_id', 'Team', named(props.user.seesWholeCompany ? (teams() ?? []) : props.user.teams)],
    ['model', 'Model', plain(known()?.models)],
    ['key_id', 'Key', named(known()?.keys)],
    ['user_id', 'Person', named(known()?.users)],
    ['backend', 'Backend', plain(known()?.backends)],
    ['status', 'Status', pairs(STATUS_WORDS, ([words]) => words)],
    ['cost_grade', 'Cost is', pairs(GRADE_WORDS, ([words]) => words)],
    ['cache', 'Store of answers', pairs(CACHE_WORDS, (words) => words)],
  ]
  const isNarrowed = () => Object.values(props.chosen).some((value) => value !== '')
  const clear = () => props.onChange(Object.fromEntries(Object.keys(props.chosen).map((name) => [name, null])))
  return (
    <form class="data-filters" aria-label="Filters of the requests" onSubmit={(event) => event.preventDefault()}>
      <For each={selects().map(([name]) => name)}>
        {(name) => (
          <OneFilter
            label={selects().find(([one]) => one === name)?.[1] ?? ''}
            chosen={props.chosen[name]}
            options={selects().find(([one]) => one === name)?.[2] ?? []}
            onPick={(value) => props.onChange({ [name]: value || null })}
          />
        )}
      </For>
      <AtLeast
        label="Cost at least, $"
        step="any"
        value={props.chosen.min_cost_usd}
        onPick={(text) => props.onChange({ min_cost_usd: text || null })}
      />
      <AtLeast
        label="Latency at least, ms"
        step="1"
        value={props.chosen.min_latency_ms}
        onPick={(text) => props.onChange({ min_latency_ms: text || null })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={props.chosen.errors === 'true'}
          onChange={(event) => props.onChange({ errors: event.currentTarget.checked ? 'true' : null })}
        />
        Errors only
      </label>
      <Show when={isNarrowed()}>
        <button type="button" class="link" onClick={clear}>
          Clear filters
        </button>
      </Show>
    </form>
  )
}

function pairs<W>(words: Record<string, W>, said: (words: W) => string): Option[] {
  return Object.entries(words).map(([value, word]) => ({ value, words: said(word) }))
}

/** What these days do not know stays to be seen and taken off. */
function OneFilter(props: {
  label: string
  chosen: string
  options: readonly Option[]
  onPick: (value: string) => void
}) {
  const isUnlisted = () => props.chosen !== '' && !props.options.some(({ value }) => value === props.chosen)
  return (
    <label>
      {props.label}
      <select value={props.chosen} onChange={(event) => props.onPick(event.currentTarget.value)}>
        <option value="">Any</option>
        <Show when={isUnlisted()}>
          <option value={props.chosen} selected>
            {props.chosen}
          </option>
        </Show>
        <For each={props.options}>
          {(option) => (
            <option value={option.value} selected={option.value === props.chosen}>
              {option.words}
            </option>
          )}
        </For>
      </select>
    </label>
  )
}

function AtLeast(props: { label: string; step: string; value: string; onPick: (text: string) => void }) {
  return (
    <label>
      {props.label}
      <input
        type="number"
        min="0"
        step={props.step}
        value={props.value}
        onChange={(event) => {
          if (event.currentTarget.checkValidity()) props.onPick(event.currentTarget.value)
        }}
      />
    </label>
  )
}
