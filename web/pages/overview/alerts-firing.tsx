import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../../api.ts'
import { formatCountOf } from '../../format/count.ts'

/** As often as the clock looks at rules. */
const LOOK_MS = 60_000

/** How many alerts fire now, with a door to them; nothing where none does. */
export function AlertsFiring() {
  const query = useQuery(() => ({
    queryKey: ['alerts.list', 'firing count'],
    queryFn: () => api.alerts.list.query({ status: ['firing'], limit: 1 }),
    refetchInterval: LOOK_MS,
  }))
  const count = () => (query.isPending ? 0 : (query.data?.total ?? 0))
  return (
    <Show when={count() > 0}>
      <A class="alerts-firing" href="/alerts">
        {formatCountOf(count(), 'alert', 'alerts')} firing
      </A>{' '}
    </Show>
  )
}
