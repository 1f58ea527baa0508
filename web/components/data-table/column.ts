import type { JSX } from 'solid-js'

/** One column of a table of many rows. */
export type DataColumn<Row> = {
  /** What the address and the server call it. */
  readonly id: string
  readonly title: string
  /** In rem: the least; columns keep their width while rows come and go. */
  readonly width: number
  /** Texts of any length: gets the room that is over. */
  readonly grows?: boolean
  readonly isNumber?: boolean
  /** Not shown until the reader asks for it. */
  readonly isExtra?: boolean
  /** Rows cannot be ordered by it. */
  readonly isUnsorted?: boolean
  /** The first click on its title puts the largest first. */
  readonly isLargestFirst?: boolean
  /** The value as a file has it: exact, '' where it is not known. */
  readonly text: (row: Row) => string
  /** The value as the screen has it; without it the text. */
  readonly cell?: (row: Row) => JSX.Element
}

/** In which order, and which columns in sight; the first column always is. */
export type TableView = {
  readonly sort: string
  readonly isDescending: boolean
  /** Ids, in the order of the table. */
  readonly columns: readonly string[]
}

/** The rows of a table, which need not all be here. */
export type RowSource<Row> = {
  readonly total: number
  /** Undefined: not here yet. */
  at(index: number): Row | undefined
  /** Tells which rows are in sight, the last one included. */
  see(first: number, last: number): void
  /** Every row in order, for a file; `onRows` hears how many are here so far. */
  every(onRows: (count: number) => void): Promise<readonly Row[]>
}
