import {
  focusManager,
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  replaceEqualDeep,
} from '@tanstack/solid-query'
import { type Answers, statusOf } from './api.ts'
import { hereOf } from './forms/held-input.ts'

export const ME = ['auth.me'] as const

/**
 * The cache of answers. Coming back to the window always asks again: somebody may have imported meanwhile.
 * A 401 anywhere means the session is over; the shell then shows the sign-in. A refusal may mean another role than the
 * page knows of, so it asks who is here.
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
  let reach: string | null = null
  /** What another role or other teams were answered is not shown any more. */
  const forgetIfOther = (user: Answers['auth']['me']['user']) => {
    if (user === null) return
    const now = JSON.stringify([user.id, user.role, user.teams.map(({ id }) => id).sort()])
    if (reach !== null && reach !== now)
      void client.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== ME[0] })
    reach = now
  }
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (statusOf(error) === 401) endSession(client)
        else if (statusOf(error) === 403) void askWhoIsHere(client)
      },
      onSuccess: (data, { queryKey }) => {
        if (queryKey[0] === ME[0]) forgetIfOther((data as Answers['auth']['me']).user)
      },
    }),
    mutationCache: new MutationCache({
      onError: (error) => {
        if ([401, 403].includes(statusOf(error) ?? 0)) void askWhoIsHere(client)
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        refetchOnWindowFocus: 'always',
        placeholderData: keepPreviousData,
        // What is the same after asking again stays the same object, and its rows and charts stay as they are drawn.
        reconcile: (before, now) => replaceEqualDeep(before, now),
        // What the server refused it will refuse again; only silence and a stumble deserve a second try.
        retry: (failures, error) => failures < 1 && (statusOf(error) ?? 500) >= 500,
        retryDelay: 400,
        networkMode: 'always',
        refetchOnReconnect: 'always', // what failed without a network is asked again with it
      },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}

/** Asks in the background who is signed in, and with which role and teams by now. */
export function askWhoIsHere(client: QueryClient): Promise<void> {
  return client.refetchQueries({ queryKey: ME })
}

/** Forgets who was signed in, so that the shell asks again; a form with something in it is waited for. */
export function endSession(client: QueryClient): void {
  client.setQueryData<Answers['auth']['me']>(ME, (me) => me && hereOf({ ...me, user: null }, me))
}
