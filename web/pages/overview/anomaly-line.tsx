import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { addDays, type Day } from '../../../db/units/time.ts'
import { api } from '../../api.ts'
import { formatCountOf } from '../../format/count.ts'
import { AlertsFiring } from './alerts-firing.tsx'

/** How far back the last complete day may lie that is still worth a line here. */
const RECENT_DAYS = 3

/** How many alerts fire, and what stood out on the last complete day: a line whose room is held while it is asked. */
export function AnomalyLine(props: { today: Day }) {
  const asked = () => ({ start: addDays(props.today, -RECENT_DAYS), end: addDays(props.today, -1) })
  const query = useQuery(() => ({
    queryKey: ['analytics.anomalies', 'line', asked()],
    queryFn: () => api.analytics.anomalies.query({ ...asked(), limit: 5 }),
  }))
  const answer = () => (query.isPending ? undefined : query.data)
  const last = () => {
    const known = answer()
    const shown = known?.anomalies.filter(
      ({ day, verdict }) => day === known.lastDay && verdict?.verdict !== 'no' && verdict?.verdict !== 'planned',
    )
    return shown?.length ? { day: shown[0]!.day, count: shown.length, sentence: shown[0]!.sentence } : undefined
  }
  const when = (day: Day) => (day === addDays(props.today, -1) ? 'yesterday' : 'on the last complete day')
  return (
    <p class="anomaly-line note no-print">
      <AlertsFiring />
      <Show when={last()}>
        {(found) => (
          <A href={`/anomalies?start=${found().day}&end=${found().day}`}>
            {formatCountOf(found().count, 'anomaly', 'anomalies')} {when(found().day)}: {found().sentence}
          </A>
        )}
      </Show>
    </p>
  )
}
