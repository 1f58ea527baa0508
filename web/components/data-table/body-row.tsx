import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { DataColumn } from './column.ts'

/** One row: its first cell leads on, a click elsewhere puts the row into the address. Grey until it is here. */
export function BodyRow<Row>(props: {
  index: number
  row: Row | undefined
  columns: readonly DataColumn<Row>[]
  all: readonly DataColumn<Row>[]
  idOf: (row: Row) => string
  hrefOf: (row: Row) => string
  linkedId: string | null
  isReached: boolean
  /** Of a card; null for a row of columns. */
  heightPx: number | null
  onFocus: () => void
  onLink: (id: string) => void
}) {
  const isLinked = () => props.row !== undefined && props.idOf(props.row) === props.linkedId
  const onClick = (event: MouseEvent) => {
    if (!(event.target as Element).closest('a, button') && props.row) props.onLink(props.idOf(props.row))
  }
  return (
    <tr
      data-row={props.index}
      aria-rowindex={props.index + 2}
      aria-current={isLinked() ? 'true' : undefined}
      classList={{ 'is-linked': isLinked() }}
      style={props.heightPx === null ? undefined : { height: `${props.heightPx}px` }}
      onClick={onClick}
    >
      <For each={props.columns}>
        {(column, at) => (
          <Show when={props.row} fallback={<Awaited isFirst={at() === 0} />}>
            {(row) => (
              <Show
                when={at() === 0}
                fallback={
                  <td
                    class={column.isNumber ? 'number' : ''}
                    aria-colindex={props.all.indexOf(column) + 1}
                    data-label={column.title}
                    title={column.text(row())}
                  >
                    <CellText column={column} row={row()} />
                  </td>
                }
              >
                <th scope="row" aria-colindex={1} title={column.text(row())}>
                  <A
                    class="link"
                    href={props.hrefOf(row())}
                    tabindex={props.isReached ? 0 : -1}
                    onFocus={() => props.onFocus()}
                    onClick={() => rememberRow(props.idOf(row()))}
                  >
                    <CellText column={column} row={row()} />
                  </A>
                </th>
              </Show>
            )}
          </Show>
        )}
      </For>
    </tr>
  )
}

/** A text of any length may take both lines that a row has room for. */
function CellText<Row>(props: { column: DataColumn<Row>; row: Row }) {
  const shown = () => (props.column.cell ? props.column.cell(props.row) : props.column.text(props.row))
  return (
    <Show when={props.column.grows} fallback={shown()}>
      <span class="data-text">{shown()}</span>
    </Show>
  )
}

function Awaited(props: { isFirst: boolean }) {
  return (
    <td>
      <i class="bone" />
      <Show when={props.isFirst}>
        <span class="visually-hidden">Loading…</span>
      </Show>
    </td>
  )
}

/** Back brings the reader to the row that he left from: the entry of the history that he leaves names it. */
function rememberRow(id: string): void {
  const address = new URL(location.href)
  address.searchParams.set('row', id)
  history.replaceState(history.state, '', address)
}
