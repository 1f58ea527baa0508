import { type QueryClient, type QueryKey, replaceEqualDeep } from '@tanstack/solid-query'
import { keepPlace } from './keep-place.ts'
import type { News } from './marks.ts'

/** A long import moves the ledger again and again. */
const LEAST_GAP_MS = 5_000
const LOOK_AGAIN_MS = 500

/** What the ledger has no part in, by the first word of its key. Everything else on screen may say something else. */
const APART =
  /^(health|auth|sessions|keys|users|audit|monitoring|source-kinds|savedViews|search|requests|gateway)\b|^imports\.formats$/
/** What an import that starts or ends is seen in. */
const OF_IMPORTS = /^(imports|sources|demo|tokenUsage|monitoring)\b/

/** What calls of the gateway are seen in. */
const OF_CALLS = /^(requests|budgets|backends)\b/

/** Whether a question on screen may be answered differently by now. */
export function isTouched([name]: QueryKey, { ledger, imports, calls }: News): boolean {
  const key = String(name)
  if (imports && OF_IMPORTS.test(key) && key !== 'imports.formats') return true
  if (calls && OF_CALLS.test(key)) return true
  return ledger && !APART.test(key)
}

/**
 * Asks again what is on screen when something has moved: at most every five seconds, and not while the reader is busy,
 * but as soon as they are not. `onChanged` hears that the screen says something else now.
 */
export function createRefresh(client: QueryClient, isBusy: () => boolean, onChanged: () => void) {
  let pending: News | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastMs = Number.NEGATIVE_INFINITY
  let isGone = false
  const onScreen = () => client.getQueryCache().findAll({ type: 'active' })
  const refresh = async (news: News) => {
    const before = new Map(onScreen().map(({ queryHash, state }) => [queryHash, state.data]))
    const putBack = keepPlace()
    await client.invalidateQueries({ predicate: ({ queryKey }) => isTouched(queryKey, news) })
    putBack()
    if (isGone) return
    const isOther = ({ queryHash, state }: { queryHash: string; state: { data: unknown } }) =>
      before.has(queryHash) && replaceEqualDeep(before.get(queryHash), state.data) !== before.get(queryHash)
    if (onScreen().some(isOther)) onChanged()
  }
  const look = () => {
    timer = undefined
    if (!pending || isGone) return
    const waitMs = isBusy() ? LOOK_AGAIN_MS : lastMs + LEAST_GAP_MS - performance.now()
    if (waitMs > 0) {
      timer = setTimeout(look, waitMs)
      return
    }
    const news = pending
    pending = null
    lastMs = performance.now()
    void refresh(news)
  }
  return {
    tell(news: News) {
      const is = (name: keyof News) => news[name] || pending?.[name] === true
      pending = { ledger: is('ledger'), imports: is('imports'), calls: is('calls') }
      if (timer === undefined) look()
    },
    stop() {
      isGone = true
      clearTimeout(timer)
    },
  }
}
