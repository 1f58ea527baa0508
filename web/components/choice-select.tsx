import { createUniqueId, For } from 'solid-js'

/** One of the values of a filter, and its words; the empty value stands for any. */
export type Choice = { readonly value: string; readonly words: string }

/** A field that takes one of few choices. `chosen` is the value of one of them. */
export type ChoiceFieldProps = {
  label: string
  choices: readonly Choice[]
  chosen: string
  onPick: (value: string) => void
}

/** The browser's own list. */
export function ChoiceSelect(props: ChoiceFieldProps) {
  const id = createUniqueId()
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select id={id} value={props.chosen} onChange={(event) => props.onPick(event.currentTarget.value)}>
        <For each={props.choices}>
          {(choice) => (
            <option value={choice.value} selected={choice.value === props.chosen}>
              {choice.words}
            </option>
          )}
        </For>
      </select>
    </div>
  )
}
