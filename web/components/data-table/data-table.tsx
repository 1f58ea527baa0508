import { columnVisibilityFeature, createTable, rowSortingFeature, tableFeatures } from '@tanstack/solid-table'
import { createVirtualizer } from '@tanstack/solid-virtual'
import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js'
import { createWidth } from '../../charts/element-width.ts'
import { formatCount } from '../../format/count.ts'
import { BodyRow } from './body-row.tsx'
import type { DataColumn, RowSource, TableView } from './column.ts'
import { columnWidths } from './column-widths.ts'
import { HeadCell } from './head-cell.tsx'
import { useHeldFocus } from './hold-focus.ts'
import { moveByKey } from './move-by-key.ts'
import { useNarrow } from './narrow.ts'
import { cardPx, ROW_PX } from './row-px.ts'
import { SortSelect } from './sort-select.tsx'
import { sortedBy } from './table-view.ts'
import { useWishedWidths } from './wished-widths.ts'

const OVERSCAN = 8
const features = tableFeatures({ columnVisibilityFeature, rowSortingFeature })

/**
 * A table of as many rows as there are: only those in sight, and a few around them, are in the page. Its head stays in
 * place, titles sort, arrow keys go from row to row, and the row that the address names is brought into sight. Where the
 * screen is narrow each row is a card.
 */
export function DataTable<Row>(props: {
  title: string
  columns: readonly DataColumn<Row>[]
  rows: RowSource<Row>
  view: TableView
  onView: (view: TableView) => void
  idOf: (row: Row) => string
  hrefOf: (row: Row) => string
  /** The row that the address names; with its place it is brought into sight. */
  linked: { id: string; index: number | null } | null
  onLink: (id: string) => void
  /** Changes when other rows are shown, which begin at the top. */
  question: string
}) {
  let box!: HTMLElement
  const table = createTable({
    features,
    get columns() {
      return props.columns.map(({ id, isUnsorted, isLargestFirst }) => ({
        id,
        accessorFn: () => null,
        ...{ enableSorting: !isUnsorted, sortDescFirst: isLargestFirst === true },
      }))
    },
    data: [], // the server has ordered them, and most are not here
    manualSorting: true,
    get state() {
      return {
        sorting: [{ id: props.view.sort, desc: props.view.isDescending }],
        columnVisibility: Object.fromEntries(props.columns.map(({ id }) => [id, props.view.columns.includes(id)])),
      }
    },
  })
  const shown = createMemo(() => {
    const ids = table.getVisibleLeafColumns().map(({ id }) => id)
    return props.columns.filter(({ id }) => ids.includes(id))
  })
  const isNarrow = useNarrow()
  const rowPx = () => (isNarrow() ? cardPx(shown().length) : ROW_PX)
  const headPx = () => (isNarrow() ? 0 : ROW_PX)
  const virtual = createVirtualizer<HTMLElement, HTMLTableRowElement>({
    get count() {
      return props.rows.total
    },
    getScrollElement: () => box,
    estimateSize: () => rowPx(),
    overscan: OVERSCAN,
    // The head stands above the first row, and over whatever is scrolled below it; cards have none.
    get paddingStart() {
      return headPx()
    },
    get scrollPaddingStart() {
      return headPx()
    },
    initialRect: { width: 1000, height: 700 },
  })
  const items = () => virtual.getVirtualItems()
  const [active, setActive] = createSignal(0)
  /** The one row that Tab reaches: the last one that had the focus, or the first in sight. */
  const reached = () => {
    const [first, last] = [items()[0]?.index ?? 0, items().at(-1)?.index ?? 0]
    return active() >= first && active() <= last ? active() : first
  }
  createEffect(on(rowPx, () => virtual.measure(), { defer: true }))
  createEffect(() => {
    const [first, last] = [items()[0], items().at(-1)]
    if (first && last) props.rows.see(first.index, last.index)
  })
  createEffect(
    on(
      () => props.question,
      () => virtual.scrollToIndex(0),
      { defer: true },
    ),
  )
  createEffect(
    on(
      () => props.linked?.index,
      (index) => {
        if (index == null) return
        setActive(index)
        virtual.scrollToIndex(index, { align: 'center' })
      },
    ),
  )
  const { held, hold } = useHeldFocus(
    () => box,
    (row) => [items()[0]?.index, items().at(-1)?.index, shown(), props.rows.at(row)],
  )
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((box.clientHeight - headPx()) / rowPx()) - 1)
    // Keys may be faster than rows: the next step is from where the last one leads.
    const next = moveByKey(event, held() ?? reached(), props.rows.total, page)
    if (next === null) return
    event.preventDefault()
    setActive(next)
    virtual.scrollToIndex(next)
    hold(next)
  }
  const above = () => Math.max(0, (items()[0]?.start ?? headPx()) - headPx())
  const room = createWidth(() => box)
  const wished = useWishedWidths({
    columns: shown,
    firstRow: () => items()[0]?.index ?? 0,
    rows: () => props.rows,
    question: () => props.question,
  })
  const widths = createMemo(() => columnWidths(shown(), wished(), room() / rootPx()))
  const width = () => widths().reduce((sum, one) => sum + one, 0)
  return (
    <>
      <Show when={isNarrow()}>
        <SortSelect columns={props.columns} view={props.view} onView={props.onView} />
      </Show>
      <section ref={box} class="data-table-box" tabindex="0" aria-label={props.title} onKeyDown={onKeyDown}>
        <div class="data-table-rows" style={{ height: `${virtual.getTotalSize()}px`, 'padding-top': `${above()}px` }}>
          <table
            class="data-table"
            style={isNarrow() ? {} : { 'min-width': `${Math.floor(width() * 10) / 10}rem` }}
            aria-rowcount={props.rows.total + 1}
            aria-colcount={props.columns.length}
          >
            <caption class="visually-hidden">
              {props.title}: {formatCount(props.rows.total)} rows. Arrow keys go from row to row.
            </caption>
            <colgroup>
              <For each={shown()}>{(_, at) => <col style={{ width: `${widths()[at()]}rem` }} />}</For>
            </colgroup>
            <thead>
              <tr aria-rowindex={1}>
                <For each={shown()}>
                  {(column) => (
                    <HeadCell
                      column={column}
                      index={props.columns.indexOf(column) + 1}
                      sorted={table.getColumn(column.id)?.getIsSorted() || null}
                      onSort={() => props.onView(sortedBy(props.view, column))}
                    />
                  )}
                </For>
              </tr>
            </thead>
            <tbody>
              <For each={items()}>
                {(item) => (
                  <BodyRow
                    index={item.index}
                    row={props.rows.at(item.index)}
                    columns={shown()}
                    all={props.columns}
                    idOf={props.idOf}
                    hrefOf={props.hrefOf}
                    linkedId={props.linked?.id ?? null}
                    isReached={reached() === item.index}
                    heightPx={isNarrow() ? rowPx() : null}
                    onFocus={() => setActive(item.index)}
                    onLink={props.onLink}
                  />
                )}
              </For>
            </tbody>
          </table>
        </div>
      </section>
    </>
  )
}

/** What a rem is on this screen. */
function rootPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
}
