import { useQuery } from '@tanstack/solid-query'
import { type Accessor, createSignal, onCleanup, onMount } from 'solid-js'
import { type Answers, api } from './api.ts'

export type SavedView = Answers['savedViews']['list']['savedViews'][number]

/** Under what the list of saved views is kept. */
export const SAVED_VIEWS = ['savedViews.list'] as const

/** Later than what a page asks, so that it never waits in one request with the navigation. */
const LATER_MS = 250

/** The reader's views and those that others share; the reader's first. Empty until they are known. */
export function useSavedViews() {
  const [isTime, setIsTime] = createSignal(false)
  onMount(() => {
    const timer = setTimeout(() => setIsTime(true), LATER_MS)
    onCleanup(() => clearTimeout(timer))
  })
  const query = useQuery(() => ({
    queryKey: SAVED_VIEWS,
    queryFn: () => api.savedViews.list.query({ limit: 100 }),
    enabled: isTime(),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  }))
  const views: Accessor<readonly SavedView[]> = () => (query.isPending ? [] : (query.data?.savedViews ?? []))
  /** Of all, also those that are not in the list; 0 until it is known. */
  const total = () => (query.isPending ? 0 : (query.data?.total ?? 0))
  return { views, total }
}
