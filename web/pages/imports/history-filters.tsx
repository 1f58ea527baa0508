import { createEffect, For, on, onCleanup, Show } from 'solid-js'
import { STATUS_WORDS } from '../../components/status-words.ts'
import { useFormats } from './formats.ts'
import { type HistoryChoice, isNarrowed } from './history-choice.ts'
import { KINDS } from './kinds.ts'

type Change = { [Name in Exclude<keyof HistoryChoice, 'skip'>]?: string | null }

const TYPING_MS = 250

/**
 * What narrows the history. A choice is one step of Back; words count while they are typed, which replaces the address.
 * `cleared` counts how often all of it was taken off.
 */
export function HistoryFilters(props: {
  choice: HistoryChoice
  cleared: number
  onChange: (change: Change, options?: { replace: boolean }) => void
  onClear: () => void
}) {
  const formats = useFormats()
  let first!: HTMLSelectElement
  // The button that took them off is gone with them.
  createEffect(
    on(
      () => props.cleared,
      () => first.focus(),
      { defer: true },
    ),
  )
  return (
    <form class="history-filters" aria-label="Filters of the history" onSubmit={(event) => event.preventDefault()}>
      <label>
        Status
        <select
          ref={first}
          value={props.choice.status}
          onChange={(event) => props.onChange({ status: event.currentTarget.value || null })}
        >
          <option value="">Any</option>
          <For each={Object.entries(STATUS_WORDS)}>{([status, [word]]) => <option value={status}>{word}</option>}</For>
        </select>
      </label>
      <label>
        Kind
        <select
          value={props.choice.kind}
          onChange={(event) => props.onChange({ kind: event.currentTarget.value || null })}
        >
          <option value="">Any</option>
          <For each={Object.entries(KINDS)}>{([kind, words]) => <option value={kind}>{words}</option>}</For>
        </select>
      </label>
      <label>
        Format
        <select
          value={props.choice.format}
          onChange={(event) => props.onChange({ format: event.currentTarget.value || null })}
        >
          <option value="">Any</option>
          <For each={formats()}>
            {({ id, label }) => (
              <option value={id} selected={id === props.choice.format}>
                {label}
              </option>
            )}
          </For>
        </select>
      </label>
      <Words
        label="Source"
        value={props.choice.source}
        cleared={props.cleared}
        onType={(source) => props.onChange({ source: source || null }, { replace: true })}
      />
      <Words
        label="File name"
        value={props.choice.file}
        cleared={props.cleared}
        onType={(file) => props.onChange({ file: file || null }, { replace: true })}
      />
      <Show when={isNarrowed(props.choice)}>
        <button type="button" class="link" onClick={() => props.onClear()}>
          Clear filters
        </button>
      </Show>
    </form>
  )
}

function Words(props: { label: string; value: string; cleared: number; onType: (words: string) => void }) {
  let input!: HTMLInputElement
  let typing: ReturnType<typeof setTimeout> | undefined
  const stop = () => {
    clearTimeout(typing)
    typing = undefined
  }
  const apply = () => {
    if (typing === undefined) return
    stop()
    props.onType(input.value.trim())
  }
  createEffect(() => {
    const now = props.value
    // What is being typed is newer than the address.
    if (typing === undefined && input.value.trim() !== now) input.value = now
  })
  createEffect(
    on(
      () => props.cleared,
      () => {
        stop()
        input.value = ''
      },
      { defer: true },
    ),
  )
  onCleanup(stop)
  return (
    <label>
      {props.label}
      <input
        ref={input}
        type="search"
        placeholder="any"
        onInput={() => {
          stop()
          typing = setTimeout(apply, TYPING_MS)
        }}
        onChange={apply}
      />
    </label>
  )
}
