import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import { type Answers, api } from '../../api.ts'
import { Panel } from '../../components/panel.tsx'
import { formatUsd } from '../../format/usd.ts'
import { AnomalyDialog, percentOf } from './anomaly-dialog.tsx'

export type Thresholds = Answers['settings']['get']['anomalyThresholds']

const SENSITIVITY = {
  low: 'Low: only what is far from usual.',
  medium: 'Medium.',
  high: 'High: also what is a little unusual.',
} as const

/** From when on a day's cost is said to be an anomaly, for everybody; an administrator decides. */
export function AnomalyPanel(props: { mayDecide: boolean }) {
  const settings = useQuery(() => ({ queryKey: ['settings'], queryFn: () => api.settings.get.query() }))
  const [isOpen, setOpen] = createSignal(false)
  return (
    <Panel title="When a day is an anomaly" query={settings} minHeight={110} isEmpty={() => false} empty={undefined}>
      {(data) => (
        <div class="split">
          <div>
            <p>
              A deviation of at least <b>{formatUsd(data().anomalyThresholds.minImpactUsd as UsdText)}</b> and{' '}
              <b>{percentOf(data().anomalyThresholds.minShareOfMedianDay)} %</b> of a median day. Sensitivity:{' '}
              <b>{SENSITIVITY[data().anomalyThresholds.sensitivity]}</b>
            </p>
            <p class="note">
              What is less is not told, however unusual it is: not on <A href="/anomalies">Anomalies</A>, nor by alerts
              and digests. It holds for past days too.
            </p>
          </div>
          <Show when={props.mayDecide}>
            <button type="button" class="button" onClick={() => setOpen(true)}>
              Change the thresholds
            </button>
          </Show>
          <Show when={isOpen()}>
            <AnomalyDialog
              chosen={data().anomalyThresholds}
              version={data().version}
              onReload={() => settings.refetch()}
              onClose={() => setOpen(false)}
            />
          </Show>
        </div>
      )}
    </Panel>
  )
}
