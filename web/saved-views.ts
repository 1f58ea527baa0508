import { useQuery } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { type Answers, api } from './api.ts'

export type SavedView = Answers['savedViews']['list']['savedViews'][number]

/** Under what the list of saved views is kept. */
export const SAVED_VIEWS = ['savedViews.list'] as const

/** The reader's views and those that others share; the reader's first. Empty until they are known. */
export function useSavedViews() {
  const query = useQuery(() => ({ queryKey: SAVED_VIEWS, queryFn: () => api.savedViews.list.query({ limit: 100 }) }))
  const views: Accessor<readonly SavedView[]> = () => (query.isPending ? [] : (query.data?.savedViews ?? []))
  return { views }
}
