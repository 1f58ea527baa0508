import { Show } from 'solid-js'
import { Icon } from '../icon.tsx'
import type { DataColumn } from './column.ts'

/** The title of a column; a click on it orders the rows. */
export function HeadCell<Row>(props: {
  column: DataColumn<Row>
  /** From 1, of all columns. */
  index: number
  sorted: 'asc' | 'desc' | null
  onSort: () => void
}) {
  const sort = () => (props.sorted === null ? 'none' : props.sorted === 'asc' ? 'ascending' : 'descending')
  return (
    <th
      scope="col"
      class={props.column.isNumber ? 'number' : ''}
      aria-colindex={props.index}
      aria-sort={props.column.isUnsorted ? undefined : sort()}
    >
      <Show when={!props.column.isUnsorted} fallback={props.column.title}>
        <button type="button" class="data-sort" onClick={() => props.onSort()}>
          {props.column.title}
          <span class="data-sort-mark" classList={{ 'is-on': props.sorted !== null }}>
            <Icon name={props.sorted === 'asc' ? 'up' : 'down'} />
          </span>
        </button>
      </Show>
    </th>
  )
}
