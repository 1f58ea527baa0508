import type { DataColumn, TableView } from './column.ts'

type Params = Readonly<Record<string, string | string[] | undefined>>
type Columns = readonly Pick<DataColumn<never>, 'id' | 'isExtra' | 'isUnsorted'>[]
type Order = Pick<TableView, 'sort' | 'isDescending'>

/** Reads an address: `sort`, `order`, and `columns` where the reader chose some. What it does not know it leaves out. */
export function readView(params: Params, columns: Columns, usual: Order): TableView {
  const one = (name: string) => [params[name]].flat()[0] ?? ''
  const sorted = columns.find(({ id, isUnsorted }) => id === one('sort') && !isUnsorted)
  const named = one('columns').split(',')
  const isChosen = columns.some(({ id }) => named.includes(id))
  return {
    sort: sorted?.id ?? usual.sort,
    isDescending: ['asc', 'desc'].includes(one('order')) ? one('order') === 'desc' : usual.isDescending,
    columns: columns
      .filter(({ id, isExtra }, index) => index === 0 || (isChosen ? named.includes(id) : !isExtra))
      .map(({ id }) => id),
  }
}

/** The parameters of a view; what is usual is not written. */
export function writeView(view: TableView, columns: Columns, usual: Order): Record<string, string | null> {
  const isUsual = view.sort === usual.sort && view.isDescending === usual.isDescending
  const shown = columns.filter(({ isExtra }, index) => index === 0 || !isExtra).map(({ id }) => id)
  return {
    sort: isUsual ? null : view.sort,
    order: isUsual ? null : view.isDescending ? 'desc' : 'asc',
    columns: shown.join() === view.columns.join() ? null : view.columns.join(),
  }
}

/** The order after a click on a column's title: the other way round where it was ordered by it already. */
export function sortedBy(view: TableView, column: Pick<DataColumn<never>, 'id' | 'isLargestFirst'>): TableView {
  const isDescending = view.sort === column.id ? !view.isDescending : column.isLargestFirst === true
  return { ...view, sort: column.id, isDescending }
}
