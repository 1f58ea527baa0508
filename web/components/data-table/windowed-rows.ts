import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/solid-query'
import { type Accessor, createComputed, createMemo, createSignal, on, onCleanup } from 'solid-js'
import type { RowSource } from './column.ts'

/** Rows of one window; two of them are held at once, so a screen of rows is always inside. */
const WINDOW = 200
/** Rows of one question for a file. */
const AT_ONCE = 5_000
/** Who drags the bar passes thousands of rows that nobody wants to see. */
const RESTING_MS = 70

type Page<Row, More> = More & { rows: readonly Row[]; total: number }
type Ask<Row, More> = (skip: number, limit: number, signal?: AbortSignal) => Promise<Page<Row, More>>

/**
 * Rows that are asked for as they come into sight. `question`: the name of the answer and all that makes it another;
 * `about`: what the answer says of all rows. `atOnce`: the most that the server answers at once.
 */
export function useWindowedRows<Row, More extends object = object>(options: {
  question: () => readonly [name: string, ...asked: unknown[]]
  ask: Ask<Row, More>
  atOnce?: number
}) {
  const client = useQueryClient()
  const atOnce = options.atOnce ?? AT_ONCE
  const size = Math.min(WINDOW, atOnce)
  const [window, setWindow] = createSignal(0)
  const [total, setTotal] = createSignal<number>()
  const [about, setAbout] = createSignal<More>()
  let resting: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(resting))

  /** One of two neighbours: the even one or the odd one. */
  const queryOf = (parity: 0 | 1) => {
    const place = () => (window() % 2 === parity ? window() : window() + 1)
    const query = useQuery(() => {
      const at = place()
      return {
        queryKey: [...options.question(), 'rows', at],
        queryFn: ({ signal }: { signal: AbortSignal }) => options.ask(at * size, size, signal),
        enabled: at === window() || at * size < (total() ?? 0),
        placeholderData: () => undefined, // rows of another place would be shown here
      }
    })
    const page = () => (query.isPending ? undefined : query.data)
    return { place, query, page }
  }
  const [even, odd] = [queryOf(0), queryOf(1)]
  const leading = () => (window() % 2 === 0 ? even : odd)
  createComputed(
    on(
      () => JSON.stringify(options.question()),
      () => setWindow(0),
      { defer: true },
    ),
  )
  // Until the next answer the last one's total stands, so that the table keeps its height.
  createComputed(() => {
    const page = leading().page()
    if (!page) return
    setTotal(page.total)
    setAbout(() => page)
  })

  const see = (first: number, last: number) => {
    const wanted = Math.floor(first / size)
    clearTimeout(resting)
    const isHeld = wanted === window() && Math.floor(last / size) <= window() + 1
    if (isHeld) return
    if (Math.abs(wanted - window()) <= 1) setWindow(wanted)
    else resting = setTimeout(() => setWindow(wanted), RESTING_MS)
  }
  const at = (index: number) => {
    const place = Math.floor(index / size)
    for (const one of [even, odd]) if (one.place() === place) return one.page()?.rows[index - place * size]
    return undefined
  }
  const every = async (onRows: (count: number) => void) => {
    const rows: Row[] = []
    for (let isMore = true; isMore; ) {
      const skip = rows.length
      const page = await client.fetchQuery({
        queryKey: [...options.question(), 'every', skip],
        queryFn: () => options.ask(skip, atOnce),
        gcTime: 0,
      })
      rows.push(...page.rows)
      onRows(rows.length)
      isMore = rows.length < page.total && page.rows.length > 0
    }
    return rows
  }
  const source: RowSource<Row> = {
    get total() {
      return total() ?? 0
    },
    ...{ at, see, every },
  }
  return { source, about, query: asOneQuery(total, () => leading().query) }
}

/** The windows as one question for a panel: once the total is known, rows that are on their way do not take it away. */
function asOneQuery(total: Accessor<number | undefined>, query: () => UseQueryResult<unknown>) {
  const data = createMemo(() => {
    const known = total()
    return known === undefined ? undefined : { total: known }
  })
  return {
    get isPending() {
      return data() === undefined && !query().isError
    },
    get data() {
      return data()
    },
    get isFetching() {
      return query().isFetching
    },
    get isError() {
      return query().isError
    },
    get isRefetchError() {
      return query().isError && data() !== undefined
    },
    get error() {
      return query().error
    },
    refetch: () => query().refetch(),
  } as unknown as UseQueryResult<{ total: number }>
}
