import { useQueryClient } from '@tanstack/solid-query'
import { createUniqueId, For } from 'solid-js'
import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { createForm } from '../../forms/create-form.ts'
import type { Thresholds } from './anomaly-panel.tsx'

/** Its name in what the server says of it. */
const NAME = 'anomaly_thresholds'

const SENSITIVITIES = [
  { value: 'low', words: 'Low: finds least' },
  { value: 'medium', words: 'Medium' },
  { value: 'high', words: 'High: finds most' },
] as const

/** Decides from when on a day's cost is an anomaly. */
export function AnomalyDialog(props: {
  chosen: Thresholds
  version: string
  onReload: () => Promise<unknown>
  onClose: () => void
}) {
  const client = useQueryClient()
  const sensitivityId = createUniqueId()
  const form = createForm({
    fields: [NAME],
    schema: () =>
      import('../../../worker/settings/anomaly-thresholds-input.ts').then(
        ({ AnomalyThresholdsChange }) => AnomalyThresholdsChange,
      ),
    read: (fields) => ({ anomalyThresholds: thresholdsIn(fields), version: props.version }),
    send: (decision) => api.settings.update.mutate(decision),
    onDone: () => {
      props.onClose()
      void client.invalidateQueries()
    },
  })
  return (
    <FormDialog
      title="When a day is an anomaly"
      submit="Save the thresholds"
      form={form}
      onReload={() => void props.onReload().then(() => form.reset())}
      onClose={props.onClose}
    >
      <p class="note">A day is one if it is unusual for its weekday, and both amounts are passed, up or down.</p>
      <TextField
        label="At least, USD"
        name="minImpactUsd"
        inputmode="decimal"
        autocomplete="off"
        required
        value={props.chosen.minImpactUsd}
        problem={form.problem(`${NAME} -> min_impact_usd`)}
      />
      <TextField
        label="At least, % of a median day"
        name="minShare"
        inputmode="decimal"
        autocomplete="off"
        required
        hint="Of what is spent in all on a day in the middle."
        value={percentOf(props.chosen.minShareOfMedianDay)}
        problem={form.problem(`${NAME} -> min_share_of_median_day`)}
      />
      <div class="field">
        <label for={sensitivityId}>Sensitivity</label>
        <select id={sensitivityId} name="sensitivity">
          <For each={SENSITIVITIES}>
            {({ value, words }) => (
              <option value={value} selected={value === props.chosen.sensitivity}>
                {words}
              </option>
            )}
          </For>
        </select>
      </div>
    </FormDialog>
  )
}

function thresholdsIn(fields: FormData): Thresholds {
  const text = (name: string) => String(fields.get(name) ?? '').trim()
  const sensitivity = SENSITIVITIES.find(({ value }) => value === text('sensitivity'))?.value ?? 'medium'
  const share = text('minShare') === '' ? Number.NaN : Number(text('minShare'))
  return { minImpactUsd: text('minImpactUsd'), minShareOfMedianDay: rounded(share / 100), sensitivity }
}

/** A part of a whole in per cent: 0.01 is "1". */
export function percentOf(share: number): string {
  return String(rounded(share * 100))
}

/** Without what binary fractions leave: 1.1 ÷ 100 is 0.011. */
function rounded(value: number): number {
  return Number(value.toPrecision(12))
}
