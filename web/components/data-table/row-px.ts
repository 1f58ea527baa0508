/** A row of a table, a line included; data-table.css makes it so high. */
export const ROW_PX = 45
/** A line of a card, and what is around its lines. */
const LINE_PX = 44
const AROUND_PX = 17

/** How high a card is: the first of its columns alone on a line, the others two by two. */
export function cardPx(columns: number): number {
  return LINE_PX * (1 + Math.ceil((columns - 1) / 2)) + AROUND_PX
}
