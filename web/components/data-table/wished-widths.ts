import { type Accessor, createEffect, createSignal, untrack } from 'solid-js'
import type { DataColumn, RowSource } from './column.ts'

/** Rows that are looked at. */
const LOOKED_AT = 100
/** A character of a table's text, what a cell has beside its text, and what a title has, in rem. */
const CHARACTER = 0.5
const BESIDE = 1.75
const BESIDE_TITLE = 2.5

/**
 * How wide each column wishes to be for its longest text, in rem, of the first rows that come into sight of a question; 0
 * before. It is looked at once for each question, and only grows, so that columns stand still while the reader scrolls.
 */
export function useWishedWidths<Row>(of: {
  columns: Accessor<readonly DataColumn<Row>[]>
  firstRow: Accessor<number>
  rows: Accessor<RowSource<Row>>
  question: Accessor<string>
}): Accessor<number[]> {
  const [known, setKnown] = createSignal<ReadonlyMap<string, number>>(new Map())
  let seen = ''
  createEffect(() => {
    const columns = of.columns()
    const asked = JSON.stringify([of.question(), columns.map(({ id }) => id)])
    if (asked === seen || of.rows().at(of.firstRow()) === undefined) return
    seen = asked
    setKnown((before) => new Map(columns.map((column) => [column.id, untrack(() => wishedBy(column, before))])))
  })
  const wishedBy = (column: DataColumn<Row>, before: ReadonlyMap<string, number>) => {
    const first = of.firstRow()
    const lengths = Array.from({ length: LOOKED_AT }, (_, at) => {
      const row = of.rows().at(first + at)
      return row === undefined ? 0 : column.text(row).length
    })
    const title = column.title.length * CHARACTER + BESIDE_TITLE
    return Math.max(before.get(column.id) ?? 0, title, Math.max(...lengths) * CHARACTER + BESIDE)
  }
  return () => of.columns().map(({ id }) => known().get(id) ?? 0)
}
