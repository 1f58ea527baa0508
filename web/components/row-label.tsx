import { Show } from 'solid-js'
import type { CostRow } from '../charts/cost-row.ts'
import { rowMeaning, rowName } from '../format/row-name.ts'
import { Explained } from './explained.tsx'

type Labelled = Pick<CostRow, 'name' | 'kind'>

/** A row's name: a button that filters by it for an owner, a name with its explanation for a remainder. */
export function RowLabel<T extends Labelled>(props: { row: T; onPick?: (row: T) => void }) {
  const pick = () => (props.row.kind === 'owner' && props.row.name ? props.onPick : undefined)
  return (
    <Show when={pick()} fallback={<Explained words={rowName(props.row)} meaning={rowMeaning(props.row.kind)} />}>
      {(onPick) => (
        <button
          type="button"
          class="link"
          onClick={() => onPick()(props.row)}
          data-hint={`Show only ${rowName(props.row)}`}
        >
          {rowName(props.row)}
        </button>
      )}
    </Show>
  )
}
