import { useQuery, useQueryClient } from '@tanstack/solid-query'
import { createEffect, on } from 'solid-js'

const EVERY_MS = 10_000
const PATIENCE_MS = 5_000

/** Whether the server answers, asked every 10 s also while nobody looks; red at the latest 15 s after it stopped. */
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
    return health.isSuccess ? (['is-good', 'Healthy'] as const) : (['', 'Checking'] as const)
  }
  return (
    <p class={`health ${state()[0]}`} role="status" title="Whether the Heliox server answers; asked every 10 seconds">
      <i aria-hidden="true" />
      <span>{state()[1]}</span>
    </p>
  )
}
