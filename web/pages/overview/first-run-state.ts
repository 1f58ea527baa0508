import { useQuery, useQueryClient } from '@tanstack/solid-query'
import { createEffect, createMemo, on } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { hasEnded } from '../../uploads/watch-import.ts'
import type { User } from '../../user.ts'
import { settled } from './insight-queries.ts'
import type { Spend } from './spend-queries.ts'

type ImportView = Answers['imports']['get']

const POLL_MS = 2_000
const UNDER_WAY: readonly string[] = ['queued', 'reading', 'storing']
const GOOD: readonly string[] = ['success', 'partial_success']

/**
 * Whether this is the first run: nothing was ever billed, or what began so still lacks a bill. While it lasts, imports are
 * asked for again and again, whoever sends them, and what has arrived is shown at once.
 */
export function useFirstRun(user: () => User, spend: Spend) {
  const client = useQueryClient()
  const isEmpty = () => {
    const extent = settled(spend.extent)
    return extent !== undefined && extent.lastDay === null
  }
  const isOn = createMemo<boolean>((was) => {
    if (isEmpty()) return true
    const lacksBill = () => user().seesWholeCompany && !has('costs')
    return was && (lacksBill() || imports().some(({ status }) => UNDER_WAY.includes(status)))
  }, false)
  const query = useQuery(() => ({
    queryKey: ['imports.list', 'first run'],
    queryFn: () => api.imports.list.query({ limit: 20 }),
    enabled: isOn(),
    refetchInterval: POLL_MS,
  }))
  const imports = (): readonly ImportView[] => (settled(query)?.imports ?? []).filter(({ isDryRun }) => !isDryRun)
  const has = (kind: ImportView['kind']) => imports().some((one) => one.kind === kind && GOOD.includes(one.status))
  const ended = createMemo(() => imports().filter(hasEnded).length)
  // Another's import, a source or the demo may have brought what the page waits for.
  createEffect(
    on(
      ended,
      (count, before) => {
        if (count > (before ?? 0))
          void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== 'first run' })
      },
      { defer: true },
    ),
  )
  return { isOn, imports, has }
}
export type FirstRunState = ReturnType<typeof useFirstRun>
