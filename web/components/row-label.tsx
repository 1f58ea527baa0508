import { Show } from 'solid-js'
import type { CostRow } from '../charts/cost-row.ts'
import { rowMeaning, rowName } from '../format/row-name.ts'

type Labelled = Pick<CostRow, 'name' | 'kind'>

/** A row's name: a button that filters by it for an owner, a name with its explanation for a remainder. */
export function RowLabel<T extends Labelled>(props: { row: T; onPick?: (row: T) => void }) {
  const pick = () => (props.row.kind === 'owner' && props.row.name ? props.onPick : undefined)
  return (
    <Show when={pick()} fallback={<Meaning row={props.row} />}>
      {(onPick) => (
        <button
          type="button"
          class="link"
          onClick={() => onPick()(props.row)}
          title={`Show only ${rowName(props.row)}`}
        >
          {rowName(props.row)}
        </button>
      )}
    </Show>
  )
}

function Meaning(props: { row: Labelled }) {
  return (
    <Show when={rowMeaning(props.row.kind)} fallback={rowName(props.row)}>
      {(meaning) => (
        <span class="explained" title={meaning()}>
          {rowName(props.row)}
          <span class="visually-hidden">: {meaning()}</span>
        </span>
      )}
    </Show>
  )
}
