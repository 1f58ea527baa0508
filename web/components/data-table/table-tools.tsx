import { createSignal, For, Show } from 'solid-js'
import { failureOf } from '../../api.ts'
import { formatCount } from '../../format/count.ts'
import { Disclosure } from '../disclosure.tsx'
import { Icon } from '../icon.tsx'
import type { DataColumn, RowSource, TableView } from './column.ts'
import { rowsAsCsv } from './rows-as-csv.ts'

/** Beside a table: which columns it shows, and the same rows and columns as a file. */
export function TableTools<Row>(props: {
  columns: readonly DataColumn<Row>[]
  rows: RowSource<Row>
  view: TableView
  fileName: string
  onView: (view: TableView) => void
}) {
  const toggle = (id: string, isShown: boolean) => {
    const wanted = (one: string) => (one === id ? isShown : props.view.columns.includes(one))
    props.onView({ ...props.view, columns: props.columns.map((column) => column.id).filter(wanted) })
  }
  return (
    <>
      <Disclosure button="Columns" label="Choose columns" align="end">
        {() => (
          <fieldset class="data-columns">
            <legend>Columns</legend>
            <For each={props.columns.slice(1)}>
              {(column) => (
                <label class="check">
                  <input
                    type="checkbox"
                    checked={props.view.columns.includes(column.id)}
                    onChange={(event) => toggle(column.id, event.currentTarget.checked)}
                  />
                  {column.title}
                </label>
              )}
            </For>
          </fieldset>
        )}
      </Disclosure>
      <SaveRows {...props} />
    </>
  )
}

function SaveRows<Row>(props: {
  columns: readonly DataColumn<Row>[]
  rows: RowSource<Row>
  view: TableView
  fileName: string
}) {
  const [fetched, setFetched] = createSignal<number | null>(null)
  const [problem, setProblem] = createSignal('')
  const save = async () => {
    setFetched(0)
    setProblem('')
    const columns = props.columns.filter(({ id }) => props.view.columns.includes(id))
    try {
      saveText(rowsAsCsv(columns, await props.rows.every(setFetched)), props.fileName)
    } catch (error) {
      setProblem(failureOf(error).message)
    }
    setFetched(null)
  }
  return (
    <>
      <button
        type="button"
        class="button is-quiet"
        disabled={fetched() !== null}
        aria-label="Download these rows and columns as CSV"
        onClick={save}
      >
        <Icon name="download" />
        {fetched() === null ? 'CSV' : `${formatCount(fetched())} of ${formatCount(props.rows.total)}`}
      </button>
      <Show when={problem()}>
        <span class="field-problem" role="alert">
          {problem()}
        </span>
      </Show>
    </>
  )
}

function saveText(text: string, fileName: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  URL.revokeObjectURL(url)
}
