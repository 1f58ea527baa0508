import { For } from 'solid-js'
import type { DataColumn, TableView } from './column.ts'
import { sortedBy } from './table-view.ts'

/** The order of cards, which have no titles to click. */
export function SortSelect<Row>(props: {
  columns: readonly DataColumn<Row>[]
  view: TableView
  onView: (view: TableView) => void
}) {
  const sorted = () => props.columns.filter(({ isUnsorted }) => !isUnsorted)
  const pick = (id: string) => {
    const column = props.columns.find((one) => one.id === id)
    if (column) props.onView(sortedBy({ ...props.view, sort: '' }, column))
  }
  return (
    <div class="data-order">
      <label>
        Ordered by
        <select value={props.view.sort} onChange={(event) => pick(event.currentTarget.value)}>
          <For each={sorted()}>
            {(column) => (
              <option value={column.id} selected={column.id === props.view.sort}>
                {column.title}
              </option>
            )}
          </For>
        </select>
      </label>
      <button
        type="button"
        class="button"
        title="Turn the order round"
        onClick={() => props.onView({ ...props.view, isDescending: !props.view.isDescending })}
      >
        {props.view.isDescending ? 'Descending' : 'Ascending'}
      </button>
    </div>
  )
}
