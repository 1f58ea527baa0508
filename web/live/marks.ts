/** How the server stands: texts that are another one after each change. See `GET /api/v1/live`. */
export type Marks = { ledger: string; imports: string; calls: string }

/** What has moved. */
export type News = { ledger: boolean; imports: boolean; calls: boolean }

/** What tabs tell each other: the marks, and whether whoever sends them has just seen something move. */
export type Told = { marks: Marks; isNews: boolean }

/** What is new in that to who knew `known` (null: nothing yet); null: nothing. */
export function newsIn(known: Marks | null, { marks, isNews }: Told): News | null {
  if (!known) return isNews ? { ledger: true, imports: true, calls: true } : null
  const news = {
    ledger: marks.ledger !== known.ledger,
    imports: marks.imports !== known.imports,
    calls: marks.calls !== known.calls,
  }
  return news.ledger || news.imports || news.calls ? news : null
}
