import { A } from '@solidjs/router'
import { useQuery, useQueryClient } from '@tanstack/solid-query'
import { createEffect, on, Show } from 'solid-js'
import { useUser } from '../user.ts'

const EVERY_MS = 10_000
const PATIENCE_MS = 5_000
/** What is behind it costs the server more, and changes slowly. */
const DETAILED_EVERY_MS = 60_000

type Overall = 'healthy' | 'degraded' | 'unhealthy'

/**
 * Whether the server answers, asked every 10 s also while nobody looks; red at the latest 15 s after it stopped. Once a
 * minute also whether all that it needs is well: for who may see it, it then leads to what is not.
 */
export function HealthIndicator() {
  const health = useQuery(() => ({
    queryKey: ['health'],
    queryFn: async () => {
      const answer = await fetch('/health', { signal: AbortSignal.timeout(PATIENCE_MS), cache: 'no-store' })
      if (!answer.ok) throw new Error(`health ${answer.status}`)
      return true
    },
    retry: false,
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: true,
  }))
  const detailed = useQuery(() => ({
    queryKey: ['health', 'detailed'],
    queryFn: async () => {
      // As a stranger: the state is all that is wanted, and being signed in is not kept up by it.
      const init: RequestInit = { signal: AbortSignal.timeout(PATIENCE_MS), cache: 'no-store', credentials: 'omit' }
      return ((await (await fetch('/health/detailed', init)).json()) as { status: Overall }).status
    },
    retry: false,
    refetchInterval: DETAILED_EVERY_MS,
    staleTime: DETAILED_EVERY_MS,
    refetchOnWindowFocus: true,
  }))
  const user = useUser()
  const mayLook = () => user()?.role === 'admin' || user()?.role === 'finance'
  const queries = useQueryClient()
  // The server is back: what failed in the meantime is asked again, without a click on each panel.
  createEffect(
    on(
      () => health.isError,
      (isDown, wasDown) => {
        if (wasDown && !isDown)
          void queries.refetchQueries({
            predicate: ({ state, queryKey }) => state.status === 'error' && queryKey[0] !== 'health',
          })
      },
    ),
  )
  const state = () => {
    if (health.isError) return ['is-bad', 'Unreachable'] as const
    if (!health.isSuccess) return ['', 'Checking'] as const
    if (detailed.isError || detailed.isPending || detailed.data === 'healthy') return ['is-good', 'Healthy'] as const
    return detailed.data === 'degraded' ? (['is-warning', 'Degraded'] as const) : (['is-bad', 'Unhealthy'] as const)
  }
  const isWorse = () => state()[1] === 'Degraded' || state()[1] === 'Unhealthy'
  const Light = () => (
    <>
      <i aria-hidden="true" />
      <span>{state()[1]}</span>
    </>
  )
  return (
    <p
      class={`health ${state()[0]}`}
      role="status"
      data-hint={
        isWorse()
          ? 'Heliox answers, but not all of it is well'
          : 'Whether the Heliox server answers; asked every 10 seconds'
      }
    >
      <Show when={isWorse() && mayLook()} fallback={<Light />}>
        <A href="/monitoring">
          <Light />
        </A>
      </Show>
    </p>
  )
}
