import { For } from 'solid-js'
import { COMPARISONS, type Comparison } from '../choice/compare.ts'

/** With which days the figures are compared; `isAlways`: with some. */
export function CompareSelect(props: {
  comparison: Comparison
  isAlways?: boolean
  onPick: (comparison: Comparison) => void
}) {
  const offered = () => Object.entries(COMPARISONS).filter(([name]) => name !== 'none' || !props.isAlways)
  return (
    <label class="inline-field">
      <span>Compare with</span>
      <select
        value={props.comparison}
        onChange={(event) => props.onPick(event.currentTarget.value as Comparison)}
        data-hint="The days before: as many, just before these. The year before: the same days of it."
      >
        <For each={offered()}>{([name, label]) => <option value={name}>{label}</option>}</For>
      </select>
    </label>
  )
}
