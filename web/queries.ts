import { focusManager, keepPreviousData, QueryCache, QueryClient } from '@tanstack/solid-query'
import { type Answers, statusOf } from './api.ts'

export const ME = ['auth.me'] as const

/**
 * The cache of answers. Coming back to the window always asks again: somebody may have imported meanwhile.
 * A 401 anywhere means the session is over; the shell then shows the sign-in.
 */
export function createQueries(): QueryClient {
  // Two windows side by side change focus without changing visibility, which is all the library listens to.
  focusManager.setEventListener((onFocus) => {
    const listener = () => onFocus()
    window.addEventListener('focus', listener)
    document.addEventListener('visibilitychange', listener)
    return () => {
      window.removeEventListener('focus', listener)
      document.removeEventListener('visibilitychange', listener)
    }
  })
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error) => statusOf(error) === 401 && endSession(client) }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        refetchOnWindowFocus: 'always',
        placeholderData: keepPreviousData,
        // What the server refused it will refuse again; only silence and a stumble deserve a second try.
        retry: (failures, error) => failures < 1 && (statusOf(error) ?? 500) >= 500,
        retryDelay: 400,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}

/** Forgets who was signed in, so that the shell asks again. */
export function endSession(client: QueryClient): void {
  client.setQueryData<Answers['auth']['me']>(ME, (me) => me && { ...me, user: null })
}
